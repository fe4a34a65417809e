"""Who may do what where: organisations, posts as seats, tenures, users, roles, sign-in."""
