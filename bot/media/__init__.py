"""Files from strangers, checked and written anew; it knows nothing of orders or of the web."""
