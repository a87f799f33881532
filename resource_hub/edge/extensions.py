"""Flask's extensions, made once, bound to the application in ``app.py``."""

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from resource_hub.models import Base

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
babel = Babel()
bootstrap = Bootstrap5()
compress = Compress()
csrf = CSRFProtect()
login_manager = LoginManager()
