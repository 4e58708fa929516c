from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0015_fill_levels_of_review"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="round",
            name="review_levels",
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "staff",
                            "head",
                            "leader",
                            "office",
                            "party",
                            "inspector",
                            "viewer",
                            "operator",
                        ],
                    )
                ),
                name="membership_role_is_known",
                violation_error_message="没有这种角色。",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "review_roles__in",
                        [
                            "head",
                            "leader",
                            "office",
                            "party",
                            "inspector",
                            "head,leader",
                            "head,office",
                            "head,party",
                            "head,inspector",
                            "leader,office",
                            "leader,party",
                            "leader,inspector",
                            "office,party",
                            "office,inspector",
                            "party,inspector",
                            "head,leader,office",
                            "head,leader,party",
                            "head,leader,inspector",
                            "head,office,party",
                            "head,office,inspector",
                            "head,party,inspector",
                            "leader,office,party",
                            "leader,office,inspector",
                            "leader,party,inspector",
                            "office,party,inspector",
                            "head,leader,office,party",
                            "head,leader,office,inspector",
                            "head,leader,party,inspector",
                            "head,office,party,inspector",
                            "leader,office,party,inspector",
                            "head,leader,office,party,inspector",
                        ],
                    )
                ),
                name="round_review_roles_in_order",
                violation_error_message="审核级次应为一至五级，从低到高，不重复。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("review_role__in", ("head", "leader", "office", "party", "inspector")),
                        ("status", "submitted"),
                    ),
                    models.Q(models.Q(("status", "submitted"), _negated=True), ("review_role", "")),
                    _connector="OR",
                ),
                name="ticket_review_role_iff_waiting",
                violation_error_message="待审核的问题必须写明待哪一级审核，其他状态不能有。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["submitted", "closed"]), ("submitted_on__isnull", False)
                    ),
                    models.Q(
                        models.Q(("status__in", ["submitted", "closed"]), _negated=True),
                        ("submitted_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ticket_submitted_on_is_kept",
                violation_error_message="待审核和已销号的问题必须有提交日期，其他状态不能有。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "closed"), ("long_term_on__isnull", True), _connector="OR"
                ),
                name="ticket_long_term_once_closed",
                violation_error_message="销号后才能列入长期坚持。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("cycle_number__gte", 1)),
                name="ticket_cycle_counts_from_one",
                violation_error_message="整改轮次从1数起。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["unclaimed", "claimed", "in_progress", "returned", "submitted", "closed"],
                    )
                ),
                name="ticket_status_is_known",
                violation_error_message="没有这种状态。",
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "target__in",
                        ["unclaimed", "claimed", "in_progress", "returned", "submitted", "closed"],
                    )
                ),
                name="transition_target_is_known",
            ),
        ),
    ]
