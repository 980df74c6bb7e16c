"""What the house itself is checked and measured with."""
