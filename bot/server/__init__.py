"""The server process: Rasa's agent and our channel in one small web application."""
