from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "safegrid.people"
    label = "people"

    def ready(self) -> None:
        """Every way in starts the session's clock, and the start-up check is known."""
        from django.contrib.auth.signals import user_logged_in

        from safegrid.people import checks, sign_in

        user_logged_in.connect(sign_in.start_clock, dispatch_uid=checks.__name__)
