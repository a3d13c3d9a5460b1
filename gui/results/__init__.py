"""What the results show: tables, documents, charts and files made from a Recommendation."""
