"""The sandbox's pages for people: its boards in a browser, without JavaScript.

    pages       the routes: who is visiting, which page, and the redirect after every act
    guard       who may ask at all, and what a browser may do with a page
    acts        a submitted form as the request that Trello's API would be sent
    views       what boards and cards show, read off the world
    activity    an entry of the action log as a sentence
    reader      the two languages, dates and numbers
    markdown    people's text as HTML

Whatever somebody does here goes through the routes of the API, in their name, and is logged the same.
"""

from trello_sandbox.web.pages import routes

__all__ = ["routes"]
