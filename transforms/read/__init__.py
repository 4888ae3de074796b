"""Reading: which containers there are, and their bytes, whatever stands in a drop folder."""
