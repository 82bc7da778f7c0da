"""People who use Tahsil, their teams and roles. What a role may do: policies/roles.yaml."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Creates people; only set-up and the people verbs call it."""

    def create(self, **fields):
        """A person with a usable or unusable password."""
        password = fields.pop("password", None)
        person = self.model(**fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username):
        """The person who signs in under that name, whatever its case."""
        return self.get(username__iexact=username)


class Team(models.Model):
    """Collectors who work together under a leader."""

    name = models.CharField(max_length=120, unique=True)
    leader = models.ForeignKey("Person", models.PROTECT, null=True, related_name="leads")


class Person(AbstractBaseUser):
    """Somebody who signs in."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    name_other = models.CharField(max_length=160, blank=True)  # in the other script
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="members")
    branch = models.ForeignKey("Branch", models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)
    capacity = models.IntegerField(default=400)  # accounts a collector can work
    languages = models.CharField(max_length=40, default="en")

    objects = People()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    def __str__(self):
        return self.name


class RoleGrant(models.Model):
    """A role held by a person from a day until a day, over a scope and its places."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=12)  # own, team, project, creditor, all
    place_id = models.BigIntegerField(null=True)  # the project or creditor of that scope
    since_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "scope", "place_id", "since_on"], name="grant_once"
            )
        ]


class Token(models.Model):
    """A secret by which a program acts as a person; only its hash is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
