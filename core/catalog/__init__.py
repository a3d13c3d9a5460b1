"""The catalog: dated, sourced facts about models, hardware, prices and places."""
