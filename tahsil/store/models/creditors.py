"""Who is owed: companies, their projects, branches, bank accounts, and the days they work."""

from __future__ import annotations

from django.db import models


class Creditor(models.Model):
    """A company whose receivables are kept here."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    name_ar = models.CharField(max_length=160, blank=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=40, default="Africa/Cairo")

    def __str__(self):
        return self.name


class Project(models.Model):
    """A compound, tower, showroom or site."""

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="projects")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    name_ar = models.CharField(max_length=160, blank=True)
    country = models.CharField(max_length=2)

    def __str__(self):
        return self.name


class Branch(models.Model):
    """An office that takes money; receipt numbers run per branch and cashier."""

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="branches")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)


class BankAccount(models.Model):
    """An account of ours; `rule` says which obligation categories its money may pay."""

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="bank_accounts")
    code = models.CharField(max_length=20, unique=True)
    bank = models.CharField(max_length=120)
    iban = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    rule = models.CharField(max_length=20, default="price")
    mapping = models.JSONField(default=dict)  # how the tables of its bank are read, said once


class CalendarDay(models.Model):
    """A day a creditor works or not against its country's calendar."""

    creditor = models.ForeignKey(Creditor, models.CASCADE, related_name="calendar_days")
    day_on = models.DateField()
    is_working = models.BooleanField()
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "day_on"], name="calendar_day_once")
        ]
