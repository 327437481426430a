"""The help center: what a browser talks to. Input channel, sessions, help page and small chat."""
