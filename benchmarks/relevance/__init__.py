"""Whether what teachers type finds what they mean: judged queries in nine classes."""
