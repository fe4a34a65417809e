"""Settings. Every variable is read once, here, through `env`; docs/settings.md lists them."""

import secrets
from pathlib import Path

from safegrid.config import env, sqlite

BASE_DIR = Path(__file__).resolve().parent.parent.parent
HOME = env.folder("SAFEGRID_HOME", BASE_DIR / "var")
MODE = env.choice("SAFEGRID_MODE", ("demo", "production"))
IS_DEMO = MODE == "demo"
CITY = env.text("SAFEGRID_CITY", "牡丹江市")
SITE_URL = env.text("SAFEGRID_URL", "http://127.0.0.1:8000").rstrip("/")


def _secret_key() -> str:
    """The key from the environment, or one made at the first start and kept in the data folder."""
    given = env.text("SECRET_KEY")
    kept = HOME / "secret-key"
    if given:
        return given
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return kept.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "*" if IS_DEMO else "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "safegrid.shared",
    "safegrid.territory",
    "safegrid.people",
    "safegrid.enterprises",
    "safegrid.duties",
    "safegrid.library",
    "safegrid.checklists",
    "safegrid.recognition",
    "safegrid.hazards",
    "safegrid.visits",
    "safegrid.codes",
    "safegrid.notices",
    "safegrid.desk",
    "safegrid.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "safegrid.shared.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "safegrid.people.middleware.SignedIn",
    "safegrid.shared.middleware.readable",
    "safegrid.shared.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "safegrid.config.urls"
WSGI_APPLICATION = "safegrid.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "safegrid.desk.context.frame",
            ],
            "builtins": ["safegrid.shared.templatetags.words"],
        },
    }
]
FORM_RENDERER = "safegrid.shared.forms.Renderer"

DATABASE_URL = env.text("DATABASE_URL")
DATABASES = {
    "default": {
        **(
            env.database(DATABASE_URL)
            if DATABASE_URL
            else {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": HOME / "safegrid.sqlite3",
                "OPTIONS": sqlite.options(),
            }
        ),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": bool(DATABASE_URL),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "desk:home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = "safegrid.people.sign_in.cool_off"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "safegrid.people.sign_in.locked_out"
AXES_HANDLER = "safegrid.people.sign_in.Failures"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_ENGINE = "safegrid.people.sessions"
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = env.number("SESSION_HOURS", 12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_DEMO
SESSION_COOKIE_NAME = "safegrid" if IS_DEMO else "__Host-safegrid"
CSRF_COOKIE_NAME = "safegrid-form" if IS_DEMO else "__Host-safegrid-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "safegrid.shared.pages.form_expired"
SECURE_HSTS_SECONDS = 0 if IS_DEMO else 31_536_000
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.text("TRUST_PROXY") == "1" else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
