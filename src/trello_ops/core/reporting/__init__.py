"""From the ledger to outcomes and weekly reports."""
