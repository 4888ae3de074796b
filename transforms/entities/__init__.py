"""Entities found by name: places, organizations and agencies, with canonical ids and offsets."""
