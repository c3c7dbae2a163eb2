"""The declared risks, one file per platform; joined in `risk_rules.py`."""
