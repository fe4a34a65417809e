from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from safegrid.people.models import Post, User
from safegrid.shared import clock
from safegrid.shared.models import Entry

SHOWN_DAYS = 90


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> Self:
        """What this person should read: their posts' notices and their own."""
        since = clock.now() - timedelta(days=SHOWN_DAYS)
        mine = Q(post__in=[post.pk for post in user.posts]) | Q(user=user)
        return self.filter(mine, at__gte=since)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """Something a post, or a person without a post, must hear of."""

    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=8, default="none")
    title = models.CharField("标题", max_length=120)
    text = models.CharField("内容", max_length=300, blank=True)
    url = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    objects: Any = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "post"), condition=Q(user__isnull=True), name="notice_once_a_post"
            ),
            models.UniqueConstraint(
                fields=("entry", "user"), condition=Q(post__isnull=True), name="notice_once_a_user"
            ),
        )
        indexes = (
            models.Index(fields=("post", "-at"), name="notice_post"),
            models.Index(fields=("user", "-at"), name="notice_user"),
        )

    def __str__(self) -> str:
        return self.title
