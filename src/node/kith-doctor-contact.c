/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection doctor's words about one contact: what was tried, and how connections ended. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-doctor-words.h"

#include <glib/gi18n-lib.h>

#include "node/kith-networking.h"

#define MAX_TRIES_TOLD 10

void
kith_doctor_add_at (GListStore *findings, KithFindingLevel level, const char *code, const char *title,
                    const char *detail, const char *advice, gint64 time_ms)
{
  g_autoptr (KithFinding) finding =
    kith_finding_new (level, code, title, detail, advice, time_ms);

  g_list_store_append (findings, finding);
}

/* --- Tries ---------------------------------------------------------------------------------- */

static const char *
say_error (KithError error)
{
  switch ((guint) error)
    {
    case KITH_ERROR_REFUSED:
      return _("The computer is there, and Kith is not running on it, or uses another port.");
    case KITH_ERROR_TIMEOUT:
      return _("No answer: the computer is off or elsewhere, or a router or firewall is in between.");
    case KITH_ERROR_UNREACHABLE:
      return _("There is no way to that address from here.");
    case KITH_ERROR_NOT_KITH:
      return _("Something answers there, but it is not Kith.");
    case KITH_ERROR_WRONG_IDENTITY:
      return _("Somebody else answers there. Nothing was told to them.");
    case KITH_ERROR_PEER_CLOSED:
      return _("The connection was closed without an answer: it may be somebody else, or they have "
               "removed or blocked you.");
    case KITH_ERROR_NOT_ADMITTED:
      return _("They did not let you in with the passphrase.");
    case KITH_ERROR_BLOCKED_BY_PROXY:
      return _("The proxy does not answer, or does not let it through.");
    case KITH_ERROR_CANCELLED:
      return _("Given up for a better address.");
    default:
      return _("It broke off before it was done.");
    }
}

static const char *
say_route (KithRoute route)
{
  switch (route)
    {
    case KITH_ROUTE_LAN:
      return _("heard on this network");
    case KITH_ROUTE_DHT:
      return _("found in the directory");
    case KITH_ROUTE_GROUP:
      return _("told by members of a group");
    case KITH_ROUTE_LAST:
      break;
    }

  return _("known from before");
}

static void
add (GListStore *findings, KithFindingLevel level, const char *code, const char *title,
     const char *detail, const char *advice)
{
  kith_doctor_add_at (findings, level, code, title, detail, advice, 0);
}

static void
add_tries (GListStore *findings, KithPeer *peer)
{
  KithRouteTry tries[KITH_LIMIT_DIAL_TRIES];
  guint n = kith_routes_get_tries (&peer->routes, tries);

  for (guint i = 0; i < MIN (n, MAX_TRIES_TOLD); i++)
    {
      g_autofree char *endpoint = kith_endpoint_dup_text (&tries[i].endpoint);
      /* Translators: an address, and how it is known, such as "found in the directory". */
      g_autofree char *title = g_strdup_printf (_("Tried %s (%s)"), endpoint,
                                                say_route (tries[i].route));

      kith_doctor_add_at (findings, tries[i].reached ? KITH_FINDING_GOOD : KITH_FINDING_NOTE, "try", title,
                          tries[i].reached ? _("They answered.") : say_error (tries[i].error), NULL,
                          tries[i].time_ms);
    }

  if (n == 0)
    add (findings, KITH_FINDING_NOTE, "no-address", _("No address is known"),
         _("Nothing could be tried."),
         _("Send them a new invite, or enter their address under “Add by IP Address”."));
}

static void
add_found (GListStore *findings, KithPeer *peer)
{
  gint64 looked_ms = peer->meeting != NULL ? kith_meeting_get_looked_ms (peer->meeting) : 0;

  if (kith_routes_is_nearby (&peer->routes, kith_env_monotonic_us (peer->node->env)))
    add (findings, KITH_FINDING_GOOD, "nearby", _("They are on this network"), NULL, NULL);
  if (peer->routes.found_ms != 0)
    kith_doctor_add_at (findings, KITH_FINDING_GOOD, "found", _("Found in the directory (DHT)"),
                        _("They said there where they are."), NULL, peer->routes.found_ms);
  else if (looked_ms != 0)
    kith_doctor_add_at (findings, KITH_FINDING_NOTE, "not-found", _("Not found in the directory (DHT)"),
                        _("They were looked for, and have not said where they are: Kith is not running "
                          "there, or does not use the directory."),
                        _("Ask them to start Kith. They are found by themselves then."), looked_ms);
}

static gboolean
add_relation (GListStore *findings, KithPeer *peer)
{
  const char *name = kith_contact_get_display_name (peer->contact);
  g_autofree char *title = NULL;

  if (peer->row->blocked)
    {
      /* Translators: the name of a person */
      title = g_strdup_printf (_("You have blocked %s"), name);
      add (findings, KITH_FINDING_NOTE, "blocked", title, NULL, _("Unblock them to be connected."));
      return FALSE;
    }

  switch ((KithRelation) peer->row->relation)
    {
    case KITH_RELATION_MUTUAL:
    case KITH_RELATION_MEMBER:
      break;
    case KITH_RELATION_REQUESTED:
      /* Translators: the name of a person who was asked to be a contact */
      title = g_strdup_printf (_("%s has not accepted yet"), name);
      add (findings, KITH_FINDING_NOTE, "requested", title,
           _("Your request waits for their answer, or for them to be reached."), NULL);
      break;
    case KITH_RELATION_DECLINED:
      /* Translators: the name of a person */
      title = g_strdup_printf (_("%s does not take your request"), name);
      add (findings, KITH_FINDING_PROBLEM, "declined", title, NULL,
           _("Ask them for a new invite."));
      return FALSE;
    case KITH_RELATION_REMOVED:
      /* Translators: the name of a person */
      title = g_strdup_printf (_("%s is not your contact anymore"), name);
      add (findings, KITH_FINDING_NOTE, "removed", title, NULL, NULL);
      return FALSE;
    }

  return TRUE;
}

/* --- How sessions ended --------------------------------------------------------------------- */

typedef struct
{
  KithError   error;
  const char *code;
  const char *title;
  const char *detail;
} EndWords;

static const EndWords end_words[] = {
  { KITH_ERROR_GARBLED, "garbled", N_("A connection was closed: damaged data came"),
    N_("What came from them was damaged on its way. Nothing of it was shown; they send it again on the "
       "next connection.") },
  { KITH_ERROR_GARBLED_THERE, "garbled-there", N_("A connection was closed: damaged data arrived there"),
    N_("What was sent to them was damaged on its way. It is sent again on the next connection.") },
  { KITH_ERROR_PROTOCOL, "not-understood-here", N_("A connection was closed: what came made no sense"),
    N_("Their Kith sent something that this one does not understand. One of the two may need an "
       "update.") },
  { KITH_ERROR_NOT_UNDERSTOOD, "not-understood", N_("They closed a connection: they did not understand"),
    N_("This Kith sent something that theirs does not understand. One of the two may need an update.") },
  { KITH_ERROR_BUSY, "busy-there", N_("They closed a connection: they could not take more"),
    N_("Their Kith could not store what came, or had too much to do. It is sent again.") },
  { KITH_ERROR_TIMEOUT, "silent", N_("A connection was closed: no sign of life"),
    N_("Nothing came anymore. Their computer, or the network in between, was gone.") },
  { KITH_ERROR_PEER_CLOSED, "lost", N_("A connection was lost"),
    N_("It ended without a word: a network was lost, or Kith was ended there at once.") },
};

void
kith_doctor_add_ends (GListStore *findings, KithPeer *peer)
{
  KithSessionEnd ends[KITH_LIMIT_SESSION_ENDS];
  guint n = kith_routes_get_ends (&peer->routes, ends);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < G_N_ELEMENTS (end_words); j++)
      if (end_words[j].error == ends[i].error)
        kith_doctor_add_at (findings, KITH_FINDING_NOTE, end_words[j].code, _(end_words[j].title),
                            _(end_words[j].detail), NULL, ends[i].time_ms);
}

/* --- All of it ------------------------------------------------------------------------------ */

void
kith_doctor_add_contact (GListStore *findings, KithPeer *peer)
{
  const char *name = kith_contact_get_display_name (peer->contact);
  g_autofree char *title = NULL;
  g_autofree char *where = NULL;
  KithEndpoint remote;

  if (!add_relation (findings, peer))
    return;

  if (kith_peer_is_online (peer))
    {
      if (kith_session_get_remote (peer->session, &remote))
        where = kith_endpoint_dup_text (&remote);
      /* Translators: the name of a person */
      title = g_strdup_printf (_("%s is connected"), name);
      add (findings, KITH_FINDING_GOOD, "connected", title, where, NULL);
      kith_doctor_add_ends (findings, peer);
      return;
    }

  if (kith_peer_is_mutual (peer))
    {
      /* Translators: the name of a person */
      title = g_strdup_printf (_("%s cannot be reached just now"), name);
      add (findings, KITH_FINDING_PROBLEM, "absent", title,
           _("Messages wait here and are sent as soon as they can be reached."),
           _("Kith keeps trying by itself. Below is what was tried."));
    }

  add_found (findings, peer);
  kith_doctor_add_ends (findings, peer);
  add_tries (findings, peer);
}
