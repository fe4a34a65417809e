from django.conf import settings
from django.db import models

from safegrid.shared import clock
from safegrid.shared.fields import CodeField
from safegrid.shared.refusals import StaleForm


class Entry(models.Model):
    """One thing that happened. Only ever added; `seq` and `hash` are given later by the sealer."""

    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    post = models.CharField("岗位", max_length=80, blank=True)
    step = models.CharField("步骤", max_length=60)
    label = models.CharField("说法", max_length=60)
    kind = models.CharField("对象类别", max_length=30)
    subject = models.CharField("对象", max_length=40)
    source = models.CharField("原状态", max_length=20, blank=True)
    target = models.CharField("新状态", max_length=20, blank=True)
    changes = models.JSONField("变化", default=dict)
    area_code = CodeField("属地", max_length=15, blank=True)
    digest = models.CharField("文字摘要", max_length=64, blank=True)
    seq = models.BigIntegerField("序号", null=True, unique=True)
    hash = models.CharField("链值", max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("id",), name="entry_unsealed", condition=models.Q(seq__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.kind} {self.subject}"


class EntryText(models.Model):
    """What was said beside an entry; may be erased, the entry keeps the digest."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="text")
    note = models.TextField("说明", blank=True)
    details = models.JSONField("细节", default=dict)
    is_erased = models.BooleanField("已清除", default=False)

    def __str__(self) -> str:
        return self.note


class EntryAbout(models.Model):
    """An entry concerns this thing; makes its timeline an indexed read."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="about", db_index=False)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=40)

    class Meta:
        indexes = (models.Index(fields=("kind", "subject", "entry"), name="about_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Chain(models.Model):
    """The end of the journal's hash chain: one row."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return str(self.seq)


class Cursor(models.Model):
    """How far a reader of the journal has come."""

    reader = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reader} {self.seq}"


class StoredFile(models.Model):
    """A file kept once under the SHA-256 of its cleaned content; the camera's notes apart."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    original_sha256 = models.CharField("原文件摘要", max_length=64, blank=True, db_index=True)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField("字节")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    stored_at = models.DateTimeField(default=clock.now)
    camera = models.JSONField("拍摄信息", default=dict)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256}"

    @property
    def thumb_path(self) -> str:
        return f"{self.path}.thumb"


class Numbered(models.Model):
    """How many short numbers a series has given out."""

    series = models.CharField(max_length=30, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class Versioned(models.Model):
    """A record that a stale form must not overwrite."""

    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        abstract = True

    def expect(self, version: int | None) -> None:
        """Raise `StaleForm` when the record has moved on since `version` was shown."""
        if version is not None and version != self.version:
            raise StaleForm(self)


class Turn(models.Model):
    """When a job of the clock is due next; taking the row is taking the turn."""

    job = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.job} {self.due_at:%F %T}"
