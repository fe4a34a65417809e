"""What every package stands on: workflow, journal, scope, files, clock. No domain."""
