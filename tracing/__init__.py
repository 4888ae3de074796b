"""The reading side: answers questions from a lake. Never imports apache_beam."""
