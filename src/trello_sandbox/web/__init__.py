"""The sandbox's pages for people: its boards in a browser, without JavaScript.

    pages       the routes: who is visiting, which page, and the redirect after every form
    guard       who may ask for a page at all, and what a browser may do with it
    acts        a submitted form, as a request to the API
    views       what boards and cards show
    activity    an action as a sentence
    reader      two languages, dates and numbers
    markdown    people's text as HTML

Whatever somebody does here goes through the routes of the API, in their name, and is logged the same.
"""

from trello_sandbox.web.pages import routes

__all__ = ["routes"]
