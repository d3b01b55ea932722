"""The search: scenarios are made, examined, and what breaks a law is made small."""
