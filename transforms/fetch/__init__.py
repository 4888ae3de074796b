"""Getting bytes from the network, politely and without being led astray (docs/threats.md)."""
