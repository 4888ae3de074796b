"""A story as other programs take it: pure functions from `tracing.story_model.Story` to text.

Headlines, outlets, times, addresses and the words that are evidence; no whole texts.
"""
