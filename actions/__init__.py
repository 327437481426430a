"""Rasa actions: read the conversation, ask the desk or the policy, say a response by name.

Words live in domain.yml and in clause data; orders and requests live with the desk.
"""
