"""One module per route family; each decides its routes from facts and clauses in force."""
