"""Pages: the entrance, one's own account, the directory of posts, all accounts."""
