"""Feeds as sources that are asked again and again: lists, health, and when each is due."""
