import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0040_index_what_lights_ask"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "view",
                    models.CharField(
                        choices=[
                            ("timeline", "作战图"),
                            ("matrix", "矩阵"),
                            ("kanban", "看板"),
                            ("wall", "台账"),
                            ("calendar", "日历"),
                            ("ticket-list", "清单"),
                            ("sheets", "责任"),
                        ],
                        max_length=12,
                        verbose_name="视图",
                    ),
                ),
                (
                    "query",
                    models.CharField(blank=True, max_length=2000, verbose_name="条件（网址）"),
                ),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="条件")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "生成中"),
                            ("ready", "可下载"),
                            ("failed", "没有完成"),
                            ("cancelled", "已取消"),
                            ("expired", "已过期"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("run", models.PositiveSmallIntegerField(default=0, verbose_name="第几次")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="总数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已完成")),
                ("called_at", models.DateTimeField(blank=True, null=True, verbose_name="叫起时间")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="最近动静")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="结束时间"),
                ),
                (
                    "trouble",
                    models.CharField(blank=True, max_length=300, verbose_name="没有完成的原因"),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                ("path", models.CharField(blank=True, max_length=100, verbose_name="存放位置")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="字节数")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("reach", models.CharField(blank=True, max_length=64, verbose_name="可见范围")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="保留至")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导出人",
                    ),
                ),
            ],
            options={
                "verbose_name": "导出任务",
                "verbose_name_plural": "导出任务",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=("by", "view", "query"),
                        name="exportjob_once_unfinished",
                        violation_error_message="同样的导出还没有完成。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "running", "ready", "failed", "cancelled", "expired"],
                            )
                        ),
                        name="exportjob_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("expires_at__isnull", False),
                                ("state", "ready"),
                                models.Q(("path", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "ready"), _negated=True),
                                ("path", ""),
                                ("sha256", ""),
                            ),
                            _connector="OR",
                        ),
                        name="exportjob_file_iff_ready",
                        violation_error_message="完成的导出才有文件。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), models.Q(("trouble", ""), _negated=True)),
                            models.Q(models.Q(("state", "failed"), _negated=True), ("trouble", "")),
                            _connector="OR",
                        ),
                        name="exportjob_trouble_iff_failed",
                        violation_error_message="没有完成的导出要写明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total"))),
                        name="exportjob_done_within_total",
                        violation_error_message="完成数不能多于总数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("seen_at__isnull", False),
                            _connector="OR",
                        ),
                        name="exportjob_running_is_seen",
                        violation_error_message="生成中的导出要有动静。",
                    ),
                ],
            },
        ),
    ]
