"""The Buyer Protection assistant: policy, returns desk, help center and understanding."""
