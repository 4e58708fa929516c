import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0013_three_posts_and_audit_trail"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="round_review_levels_in_range",
        ),
        migrations.RemoveConstraint(
            model_name="ticket",
            name="ticket_status_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="transition",
            name="transition_target_is_known",
        ),
        migrations.AddField(
            model_name="round",
            name="plan_first",
            field=models.BooleanField(
                default=False,
                help_text="整改方案审定以前，问题不能启动整改。",
                verbose_name="先审定方案",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="review_roles",
            field=models.CharField(
                default="office",
                help_text="提交销号后逐级审核，最后一级确认销号。至少一级。",
                max_length=60,
                verbose_name="审核级次",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="cycle_number",
            field=models.PositiveSmallIntegerField(
                default=1, editable=False, verbose_name="整改轮次"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="long_term_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="列入长期坚持日期"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="reporter",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets_reported",
                to=settings.AUTH_USER_MODEL,
                verbose_name="填报人",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="review_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("head", "部门初审"),
                    ("leader", "责任领导复核"),
                    ("office", "整改办复核"),
                    ("party", "党组审定"),
                    ("inspector", "巡察办验收"),
                ],
                editable=False,
                max_length=12,
                verbose_name="待谁审核",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="submitted_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="提交日期"),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("staff", "承办人"),
                    ("head", "部门负责人"),
                    ("leader", "责任领导"),
                    ("office", "整改办"),
                    ("party", "党组"),
                    ("inspector", "巡察办"),
                    ("viewer", "只读领导"),
                    ("operator", "导入员"),
                ],
                max_length=12,
                verbose_name="角色",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="status",
            field=models.CharField(
                choices=[
                    ("unclaimed", "待认领"),
                    ("claimed", "待启动"),
                    ("in_progress", "整改中"),
                    ("returned", "已退回"),
                    ("submitted", "待审核"),
                    ("closed", "已销号"),
                ],
                default="unclaimed",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="move",
            field=models.CharField(
                choices=[
                    ("import", "导入建立"),
                    ("claim", "认领"),
                    ("start", "启动整改"),
                    ("submit", "提交销号"),
                    ("return", "退回"),
                    ("review", "审核通过"),
                    ("close", "确认销号"),
                    ("keep", "列入长期坚持"),
                    ("reopen", "重启整改"),
                ],
                max_length=12,
                verbose_name="办理",
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unclaimed", "待认领"),
                    ("claimed", "待启动"),
                    ("in_progress", "整改中"),
                    ("returned", "已退回"),
                    ("submitted", "待审核"),
                    ("closed", "已销号"),
                ],
                max_length=12,
                verbose_name="原状态",
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="target",
            field=models.CharField(
                choices=[
                    ("unclaimed", "待认领"),
                    ("claimed", "待启动"),
                    ("in_progress", "整改中"),
                    ("returned", "已退回"),
                    ("submitted", "待审核"),
                    ("closed", "已销号"),
                ],
                max_length=12,
                verbose_name="新状态",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["reporter", "status"], name="ticket_by_reporter_status"),
        ),
    ]
