"""The dialogues that collect something: filing, checking, tracking, cancelling, rights."""
