"""The words of the demonstration council. Marlhaven, its people and its news are invented."""

from datetime import UTC, date, datetime
from typing import NamedTuple

# Where the demonstration's passwords are kept, in DATA_DIR.
LOGINS = "demo-logins.json"
TOWN = "Marlhaven"


class Picture(NamedTuple):
    file: str
    title: str
    alt: str


class Article(NamedTuple):
    """days: how long before today it came out."""

    title: str
    days: int
    picture: str | None
    intro: str
    text: str


PICTURES = [
    Picture(
        "harbour",
        "Harbour",
        "Sailing boats in Marlhaven harbour, with painted houses along the quay",
    ),
    Picture(
        "market-square",
        "Market Square",
        "Market stalls in front of the clock tower in Market Square",
    ),
    Picture("park", "Jubilee Park", "A path through the trees of Jubilee Park"),
    Picture("library", "Library shelves", "Shelves full of books in Marlhaven library"),
    Picture("beach", "Beach huts", "A row of beach huts on the sand, with a sail out at sea"),
    Picture("dusk", "The town at dusk", "Lit windows in the town as the sun sets behind the hills"),
]

# What the demonstration council said of each channel before its first post.
CHANNEL_ANSWERS = {
    "policy_answer": "named",
    "policy_minute": "Full Council, minute 42/26",
    "policy_date": date(2026, 3, 10),
    "policy_answered_by": "The Clerk",
    "recovery_email": "clerk@marlhaven.example",
    "opened_by": "The Clerk",
}
# And of those whose replies no network closes.
REPLIES_ACCEPTED = {
    "replies_accepted_by": "The Clerk",
    "replies_accepted_words": "Replies stay open there. The office reads them each working day.",
    "replies_accepted_at": datetime(2026, 3, 10, 19, 0, tzinfo=UTC),
}

# (slug, title, intro, in the menu, [(heading, text)])
PAGES: list[tuple[str, str, str, bool, list[tuple[str, str]]]] = [
    ("council", "Your council", "Who we are, when we meet, and how to have your say.", True, [
        ("Twelve councillors", "<p>Marlhaven Town Council has twelve councillors, elected every four years. They give their time unpaid.</p>"),
        ("When we meet", "<p>The full council meets on the second Tuesday of each month at 7pm in the Guildhall. Residents may speak for three minutes at the start of each meeting.</p>"),
    ]),
    ("hire", "Hire a hall or an allotment", "Rooms from £9 an hour, and how to join the list for a plot.", False, [
        ("The Guildhall", "<p>The main hall seats 120, the Mayor's Parlour 20. Both have step-free access and a hearing loop.</p>"),
        ("Allotments", "<p>There are 64 plots at Mill Lane. A half plot costs £28 a year, and the wait is about fourteen months.</p>"),
    ]),
    ("bins", "Bins and recycling", "Which day, which bin, and whom to tell when one was missed.", False, [
        ("Which day", "<p>Coastshire District Council empties the bins: rubbish one Tuesday, recycling the next, food waste each week. Put them out by 7am.</p>"),
        ("A missed bin", "<p>Ring the district council within two working days: 01632 960 500. A new bin costs nothing.</p>"),
        ("What goes where", "<p>Paper and card in the blue sack, tins, glass and plastic bottles in the box. Batteries and small electrical things go to the library's shelf.</p>"),
    ]),
    ("planning", "Planning", "How we comment on plans, and where the decisions are made.", False, [
        ("Our part", "<p>The district council decides. We send it our view after each planning meeting, and residents may come and speak.</p>"),
    ]),
]  # fmt: skip

COUNCIL_NEWS = [
    Article("Winter opening hours at the Guildhall", 2, "dusk", "From December the office closes at 2pm on Fridays. Phone lines stay open until 4pm.", "The shorter hours let us catch up on repairs while the building is quiet. Rooms stay open for bookings as usual."),
    Article("Have your say on the harbour railings", 6, "harbour", "Three designs for the new railings along the quay are on show in the Guildhall until the end of the month.", "The old railings have lasted since 1961. Look at the three designs, then leave your view in the box or tell the clerk."),
    Article("Two seats to fill on the town council", 11, "market-square", "Would you like to stand for co-option? Applications are open for the Harbour and Mill wards.", "You must be 18 or over and live or work within three miles of the parish. The clerk is happy to explain what is involved."),
    Article("New play area opens in Jubilee Park", 18, "park", "The accessible swings, climbing net and sensory garden are ready, a month ahead of time.", "Families helped us choose the equipment. There is level access from both gates, and new seats in the shade."),
    Article("Budget for next year agreed", 25, None, "The council's share of a Band D bill rises by £1.84 a year, to pay for flood stores and the youth club.", "Councillors agreed the budget after two public meetings. The full figures are in the papers of the October meeting."),
    Article("Volunteers plant 300 trees at Mill Lane", 33, "park", "Forty residents came out in the rain to plant a new hedge and orchard.", "Apples, pears and a long run of hawthorn will shelter the allotments. Thank you to everyone who came."),
]  # fmt: skip

TOURISM_NEWS = [
    Article("Lantern parade returns on 12 December", 4, "dusk", "Meet at the clock tower at 5pm and walk the lanterns down to the harbour.", "Lantern-making is free in the library on the two Saturdays before. Roads around Market Square close from 4.30pm."),
    Article("Boat trips run into the new year", 13, "harbour", "Weather allowing, the harbour ferry now sails at weekends all winter.", "Boats leave from the east steps on the hour from 11am. Dogs are welcome; wheelchairs can board at high water."),
    Article("Beach huts: book for the spring", 22, "beach", "Bookings for April to June open on Monday at 9am.", "A week costs from £65. Residents' week is the first of May, at half price."),
]  # fmt: skip

LIBRARY_NEWS = [
    Article("Story time moves to Wednesdays", 5, "library", "Songs and stories for under-fives are now at 10.30am each Wednesday. No need to book.", "Grown-ups are welcome to stay for tea. The room is on the ground floor."),
    Article("Help with forms and phones", 16, "library", "Drop in on Thursdays from 2pm for friendly help with getting online.", "Volunteers can help with e-mail, benefits forms and setting up a phone. Bring your own, or use ours."),
    Article("Warm space open all winter", 27, "market-square", "The hub is open six days a week with hot drinks, board games and company.", "Come for five minutes or all day. Nobody will ask why."),
]  # fmt: skip

# {group: {network: (what staff call it, its public name there)}}
CHANNELS: dict[str, dict[str, tuple[str, str]]] = {
    "Town Council": {
        "x": ("X", "marlhaven_town_council"),
        "facebook": ("Facebook", "marlhaven_town_council"),
        "instagram": ("Instagram", "marlhaven_town_council"),
        "threads": ("Threads", "marlhaven_town_council"),
        "linkedin": ("LinkedIn", "marlhaven-town-council"),
        "tiktok": ("TikTok", "marlhaventowncouncil"),
        "bluesky": ("Bluesky", "council.marlhaven.example"),
        "mastodon": ("Mastodon", "marlhaven"),
        "by_hand": ("Nextdoor", "Marlhaven Town Council"),
    },
    "Tourism": {
        "x": ("X", "marlhaven_tourism"),
        "facebook": ("Facebook", "marlhaven_tourism"),
        "instagram": ("Instagram", "visit_marlhaven"),
    },
    "Library": {
        "x": ("X", "marlhaven_library"),
        "facebook": ("Facebook", "marlhaven_library"),
    },
}

# (group, office contact, news index title and slug, its news)
SECTIONS = [
    ("Town Council", {"name": "Marlhaven Town Council office", "phone": "01632 960 123", "email": "office@marlhaven.example", "opening_hours": "Monday to Friday, 10am to 3pm"}, "Council news", "news", COUNCIL_NEWS),
    ("Tourism", {"name": "Visit Marlhaven", "phone": "01632 960 456", "email": "visit@marlhaven.example", "opening_hours": "Every day, 10am to 4pm"}, "Visit Marlhaven", "visit", TOURISM_NEWS),
    ("Library", {"name": "Library & Community Hub", "phone": "01632 960 789", "email": "library@marlhaven.example", "opening_hours": "Monday to Saturday, 9.30am to 5pm"}, "Library & Community Hub", "library", LIBRARY_NEWS),
]  # fmt: skip

# (role on the screen, user name, first and last name, groups)
PEOPLE = [
    ("Webmaster", "webmaster", "Wendy", "Marsh", ["Webmasters"]),
    ("Clerk", "clerk", "Colin", "Trewin", ["Clerk"]),
    ("Moderator", "moderator", "Moira", "Stanton", ["Town Council moderators", "Tourism moderators", "Library moderators"]),
    ("Second moderator", "moderator2", "Malik", "Osborne", ["Town Council moderators", "Library moderators"]),
    ("Editor", "editor", "Edie", "Fowler", ["Town Council editors", "Tourism editors"]),
    ("Editor, library", "editor2", "Owen", "Pryce", ["Library editors"]),
    ("Councillor", "councillor", "Carys", "Bowden", ["Councillors"]),
]  # fmt: skip
