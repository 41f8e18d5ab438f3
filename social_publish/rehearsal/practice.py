"""The app under which this website signs in at every pretend network. It opens nothing real."""

APP_ID = "practice-app"
APP_SECRET = "practice-app-secret"
