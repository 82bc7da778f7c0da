"""Cash application: bank lines against what is open, with evidence for every answer."""
