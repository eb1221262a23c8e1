"""The only pages that show everything: home, campaign cockpit, search. No models."""
