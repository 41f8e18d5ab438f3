"""What the demonstration's meetings, people, events, documents and jobs say. All invented."""

from typing import NamedTuple


class Meeting(NamedTuple):
    """days: from today; done: "" no minutes yet, "draft" or "approved"."""

    committee: str
    days: int
    done: str = ""
    agenda: tuple[str, ...] = ()


class Person(NamedTuple):
    name: str
    kind: str
    role: str
    ward: str
    phone: str
    email: str
    about: str
    seats: tuple[tuple[str, str], ...] = ()


# {address: (title, intro, in the menu)}
PAGES = {
    "people": ("Councillors", "Who they are, which ward and committees they have, and how to reach each by phone or e-mail.", True),
    "meetings": ("Meetings", "The next meeting, its agenda, and the minutes of those before.", True),
    "events": ("What’s on", "Markets, music and parades in Marlhaven.", True),
    "jobs": ("Jobs and volunteering", "Work for the council and its partners, and places to learn.", False),
    "documents": ("Documents", "Money, policies and how we work, as the Transparency Code asks.", False),
    "contact": ("Contact us", "Phone, e-mail, office hours, and a form to write to us.", True),
    "concern": ("Raise a concern about our pages", "Something on this site or in our posts is wrong, unfair or harmful? Tell the clerk and the moderators.", False),
    "report": ("Report a problem", "Who mends what, and how to tell them. In an emergency call 999.", False),
    "accessibility": ("Accessibility statement", "How to use this site, and what to do when something does not work for you.", False),
    "privacy": ("Privacy notice", "What this site keeps about you: almost nothing.", False),
    "dynnargh": ("Dynnargh dhe’n dre", "Konsel Tre Marlhaven a’gas dynnergh.", False),
}  # fmt: skip

# (name, what it decides)
COMMITTEES = [
    ("Full council", "Decides the budget, the policies and whatever the committees leave to it."),
    ("Planning committee", "Sends the council's views on plans to the district council."),
    ("Amenities committee", "Looks after parks, play areas, allotments, the cemetery and toilets."),
    ("Finance and staffing committee", "Watches the spending, the staff and the audit."),
]

AGENDA = (
    "Apologies for absence",
    "Declarations of interest",
    "Public participation: residents may speak for three minutes each",
    "Minutes of the last meeting",
    "Harbour railings: the three designs and what residents said",
    "Flood stores: where they stand and who holds the keys",
    "Payments for approval",
)

MEETINGS = [
    Meeting("Full council", 10, agenda=AGENDA),
    Meeting("Planning committee", 17, agenda=("Apologies for absence", "Plans received since the last meeting", "Tree works in Mill Lane")),
    Meeting("Amenities committee", 31),
    Meeting("Full council", 45),
    Meeting("Planning committee", -11, "draft", AGENDA[:4]),
    Meeting("Full council", -18, "draft", AGENDA),
    Meeting("Amenities committee", -39, "approved", AGENDA[:4]),
    Meeting("Full council", -46, "approved", AGENDA),
    Meeting("Finance and staffing committee", -60, "approved", AGENDA[:4]),
    Meeting("Full council", -380, "approved", AGENDA),
    Meeting("Planning committee", -395, "approved", AGENDA[:4]),
]  # fmt: skip

MINUTES = (
    ("1. Apologies", "Apologies were received and accepted from Councillor Hale, who was unwell."),
    ("2. Interests", "Councillor Rowse declared an interest in item 5 and left the room for it."),
    ("3. Public participation", "Four residents spoke: two about the railings, one about parking at the quay, one to thank the volunteers."),
    ("4. Minutes", "The minutes of the last meeting were agreed as a true record and signed."),
    ("5. Harbour railings", "Resolved: to show the three designs in the Guildhall until the end of the month. Proposed by Councillor Bowden, seconded by Councillor Teague."),
)  # fmt: skip

PEOPLE = [
    Person("Councillor Carys Bowden", "councillor", "Mayor", "Harbour", "01632 960 201", "mayor@marlhaven.example", "Carys has lived above the chandlery for thirty years and runs the junior sailing club.", (("Full council", "Chair"), ("Amenities committee", ""))),
    Person("Councillor Idris Hale", "councillor", "Deputy Mayor", "Mill", "01632 960 202", "i.hale@marlhaven.example", "Idris keeps bees at the Mill Lane allotments.", (("Full council", "Vice-chair"), ("Finance and staffing committee", "Chair"))),
    Person("Councillor Nesta Rowse", "councillor", "", "Mill", "01632 960 203", "n.rowse@marlhaven.example", "", (("Full council", ""), ("Planning committee", "Chair"))),
    Person("Councillor Tom Teague", "councillor", "", "Harbour", "01632 960 204", "t.teague@marlhaven.example", "", (("Full council", ""), ("Amenities committee", "Chair"))),
    Person("Councillor Priya Anand", "councillor", "", "Castle", "01632 960 205", "p.anand@marlhaven.example", "", (("Full council", ""), ("Planning committee", ""))),
    Person("Councillor Wilf Jory", "councillor", "", "Castle", "01632 960 206", "w.jory@marlhaven.example", "", (("Full council", ""), ("Finance and staffing committee", ""))),
    Person("Colin Trewin", "staff", "Town Clerk", "", "01632 960 123", "clerk@marlhaven.example", "Colin answers for the council's decisions being carried out, its money and its records.", ()),
    Person("Moira Stanton", "staff", "Deputy Clerk and communications", "", "01632 960 124", "deputy@marlhaven.example", "", ()),
    Person("Bill Angove", "staff", "Groundsman", "", "01632 960 125", "grounds@marlhaven.example", "", ()),
]  # fmt: skip

# (title, days from today, hour, hours long, place, cost, organiser, intro)
EVENTS = [
    ("Lantern making", 7, 10, 3, "Marlhaven library", "Free", "", "Willow, paper and glue are there; bring a grown-up and an old shirt."),
    ("Farmers' market", 8, 9, 4, "Market Square", "Free", "Marlhaven Market Friends", "Twenty stalls from within twenty miles, and a band at eleven."),
    ("Lantern parade", 21, 17, 2, "From the clock tower to the harbour", "Free", "", "Meet at the clock tower at five and walk the lanterns down to the water."),
    ("Repair café", 24, 14, 3, "Library & Community Hub", "Pay what you can", "Friends of the Hub", "Bring a lamp, a coat or a toaster; leave with it mended."),
    ("Christmas carols", 30, 18, 1, "The bandstand", "Free", "", "With the silver band. Song sheets in large print are there to borrow."),
]  # fmt: skip

# (title, kind, days until it closes, hours, pay, intro)
VACANCIES = [
    ("Assistant groundsman", "job", 16, "30 hours a week", "£12.85 an hour", "Help us keep the parks, the cemetery and the quay. We train you, and a driving licence helps."),
    ("Library volunteers", "volunteer", 40, "Two hours a week", "", "Read to children on Wednesdays or help people with forms on Thursdays."),
    ("Café assistant at the hub", "job", -9, "12 hours a week", "£12.21 an hour", "Saturdays and one weekday."),
]  # fmt: skip

# (subject, title, note, days ago, review in days)
DOCUMENTS = [
    ("1 finance", "Annual governance and accountability return 2025 to 2026", "With the external auditor's report.", 150, 210),
    ("1 finance", "Budget 2026 to 2027", "", 300, 60),
    ("2 spending", "Payments over £100, October 2026", "Date, purpose, amount and VAT.", 20, 340),
    ("3 governance", "Standing orders", "Adopted in May 2026.", 190, 170),
    ("4 policies", "Social media policy", "Adopted in July 2026. What we post, where, and how replies are treated.", 130, 230),
    ("4 policies", "Complaints procedure", "", 400, -30),
    ("5 land", "Register of land and buildings", "", 240, 120),
    ("7 information", "Guide to information under the publication scheme", "What we publish, where, and what a copy costs.", 100, 265),
]  # fmt: skip

# (problem, tier, body, address, phone)
PROBLEMS = [
    ("Danger to life, fire or crime now", "0 danger", "Emergency services", "", "999"),
    ("Gas leak", "0 danger", "National Gas Emergency", "", "0800 111 999"),
    ("Flooding from a river or the sea", "0 danger", "Floodline", "", "0345 988 1188"),
    ("Bench, play area or park", "1 town", "", "", ""),
    ("Allotment, cemetery or public toilet", "1 town", "", "", ""),
    ("Missed bin or fly-tipping", "2 district", "Coastshire District Council", "https://district.example/waste", "01632 960 500"),
    ("Planning or building without leave", "2 district", "Coastshire District Council", "https://district.example/planning", "01632 960 501"),
    ("Noise, rats or a dangerous dog", "2 district", "Coastshire District Council", "https://district.example/health", "01632 960 502"),
    ("Pothole or broken pavement", "3 county", "Coastshire County Council", "https://county.example/roads", "01632 960 600"),
    ("Street light out", "3 county", "Coastshire County Council", "https://county.example/lights", "01632 960 601"),
    ("Power cut", "4 other", "Your network operator", "", "105"),
    ("Water leak in the road", "4 other", "Coastshire Water", "https://water.example/leak", "0800 960 700"),
]  # fmt: skip

# (label, slug of the page, words)
TILES = [
    ("Report a problem", "report", "Potholes, dumped rubbish, lights: who mends it"),
    ("Bins and recycling", "bins", "Which day, and what goes in"),
    ("Meetings and minutes", "meetings", "Dates, agendas and what was decided"),
    ("Your councillors", "people", "Who they are and how to reach them"),
    ("Hire a hall or an allotment", "hire", "Rooms from £9 an hour"),
    ("Planning", "planning", "How to have your say on plans"),
    ("Jobs and volunteering", "jobs", "Work with us, or give an hour"),
    ("Contact the office", "contact", "Monday to Friday, 10am to 3pm"),
]

# {title of a piece of news: (its purpose, days until it closes)}
NOTICES = {
    "Two seats to fill on the town council": ("election", 19),
    "Have your say on the harbour railings": ("opinion", 9),
    "New play area opens in Jubilee Park": ("good-news", None),
    "Budget for next year agreed": ("democracy", None),
    "Volunteers plant 300 trees at Mill Lane": ("community", None),
    "Lantern parade returns on 12 December": ("tourism", None),
}
PARTNERS = [
    ("Coastshire Police", "https://police.example/"),
    ("Marlhaven Harbour Commissioners", "https://harbour.example/"),
]
SHARED = (
    "Lock your bike at the station",
    "Marlhaven’s police sergeant asks for two locks, after six bikes were taken in a month.",
    "<p>Use a D-lock and a cable, and note the frame number. The police mark bikes for nothing at the library on the first Saturday of each month.</p>",
    "https://police.example/marlhaven/bikes",
)
ALERT = (
    "High water on Tuesday evening",
    "The quay may be wet from 6pm to 8pm. Move your car, and take sandbags from the store at the Guildhall.",
)

# A by-election, as the returning officer's notice has it.
ELECTION = (
    "By-election in Castle ward: the key dates",
    "One seat is to be filled in Castle ward. Here is what happens when, and by when to register.",
    "<p>Coastshire District Council runs the election. Its notice is what counts; we repeat its dates. Nomination papers are to be had at the Guildhall.</p>",
)
# (step, days before the poll, from hour, until hour, note)
ELECTION_DATES = [
    ("notice", 35, None, None, "On the boards at the Guildhall and the library"),
    ("nominations", 27, None, 16, "By hand, at the district council’s offices"),
    ("nominated", 24, None, 16, ""),
    ("register", 16, None, None, "www.gov.uk/register-to-vote"),
    ("postal", 15, None, 17, ""),
    ("proxy", 8, None, 17, ""),
    ("voter-id", 8, None, 17, "www.gov.uk/apply-for-photo-id-voter-authority-certificate"),
    ("poll", 0, 7, 22, "St Mary’s Hall, Castle Street. Bring a photo ID."),
    ("count", 0, 22, None, "The Guildhall, after the poll"),
]
CO_OPTION_TITLE = "Two seats to fill on the town council"
# (step, days from today, until hour)
CO_OPTION_DATES = [
    ("vacancy", -25, None),
    ("request", -5, None),
    ("apply", 19, 12),
    ("co-option", 45, None),
]

# A page in Cornish.
CORNISH = "<p>Myttin da, ha dynnargh dhe’n porth ha dhe’n dre.</p>"
