"""What the residents' pages remember. Django finds every model of the app here."""

from home.models.alerts import Alert, current_alerts
from home.models.contact import ContactPage, ProblemKind, ProblemsPage
from home.models.content_version import ContentVersion
from home.models.library import DocumentEntry, DocumentsPage
from home.models.messages import ResidentMessage, forget_messages
from home.models.open_page import OpenPage
from home.models.pages import ContentPage, HomePage, HomeTile
from home.models.pdfs import PdfCheck, is_pdf, pdfs_with_trouble, unread_pdfs
from home.models.people import Committee, CommitteeSeat, PeopleIndexPage, PersonPage
from home.models.pictures import CouncilImage, CouncilRendition
from home.models.reviewed import ReviewedPage, review_panels
from home.models.site_details import SiteDetails
from home.models.spoken import SpokenPage
from home.models.statements import AccessibilityPage, KnownFault, PrivacyPage

__all__ = [
    "AccessibilityPage",
    "Alert",
    "Committee",
    "CommitteeSeat",
    "ContactPage",
    "ContentPage",
    "ContentVersion",
    "CouncilImage",
    "CouncilRendition",
    "DocumentEntry",
    "DocumentsPage",
    "HomePage",
    "HomeTile",
    "KnownFault",
    "OpenPage",
    "PdfCheck",
    "PeopleIndexPage",
    "PersonPage",
    "PrivacyPage",
    "ProblemKind",
    "ProblemsPage",
    "ResidentMessage",
    "ReviewedPage",
    "SiteDetails",
    "SpokenPage",
    "current_alerts",
    "forget_messages",
    "is_pdf",
    "pdfs_with_trouble",
    "review_panels",
    "unread_pdfs",
]
