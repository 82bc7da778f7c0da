"""What is owed and what came in: schedules, charges, receipts, allocation, statements."""
