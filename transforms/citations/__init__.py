"""Who an article credits: agencies and outlets named as its sources, with the words that say so."""
