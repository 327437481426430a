"""Understanding: what a buyer's message asks for and what it names.

Intents by our own classifier, entities by rules on a spaCy pipeline, dates by dateparser.
Modules that import Rasa (`spacy_nlp`, `entities`, `classifier`) are for the assistant's server;
the others (`dates`, `countries`, `categories`, `order_numbers`, `intent_model`) import none of it,
so that the action server and tests may use them.
"""
