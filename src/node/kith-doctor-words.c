/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection doctor's words about this side; those about a contact: kith-doctor-contact.c. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-doctor-words.h"

#include <glib/gi18n-lib.h>

static void
add (GListStore *findings, KithFindingLevel level, const char *code, const char *title,
     const char *detail, const char *advice)
{
  kith_doctor_add_at (findings, level, code, title, detail, advice, 0);
}

/* --- The router ----------------------------------------------------------------------------- */

/* (transfer full): what to do when the router has to be told by hand */
static char *
dup_forward_advice (guint16 port)
{
  /* Translators: the number of a port */
  return g_strdup_printf (_("In the settings of your router, let programs open ports by themselves (UPnP, "
                            "NAT-PMP or PCP), or have it forward TCP port %u to this computer."), port);
}

static const char *
get_technical (KithPortMap *port_map)
{
  const char *detail = port_map != NULL ? kith_port_map_get_detail (port_map) : NULL;

  return detail != NULL ? detail : "";
}

void
kith_doctor_add_router (GListStore *findings, KithNetwork *network, guint16 port,
                        KithPortMap *port_map)
{
  g_autofree char *advice = dup_forward_advice (port);
  g_autofree char *detail = NULL;

  switch (kith_network_get_router (network))
    {
    case KITH_ROUTER_STATUS_OFF:
    case KITH_ROUTER_STATUS_PROXY:
      break;
    case KITH_ROUTER_STATUS_SEARCHING:
      add (findings, KITH_FINDING_NOTE, "router-searching", _("Asking the router"),
           _("The router has not answered yet."), _("Check again in a few seconds."));
      break;
    case KITH_ROUTER_STATUS_MAPPED:
      /* Translators: the %s is an address and port such as 198.51.100.7:5484. */
      detail = g_strdup_printf (_("The router passes %s on to this computer."),
                                kith_network_get_external (network));
      add (findings, KITH_FINDING_GOOD, "router-mapped", _("The router lets friends in"), detail,
           NULL);
      break;
    case KITH_ROUTER_STATUS_NONE:
      add (findings, KITH_FINDING_NOTE, "router-none", _("No router answers"),
           _("Your router does not let programs open ports by themselves, or that is turned off in its "
             "settings. Without a router between this computer and the internet, all is well."), advice);
      break;
    case KITH_ROUTER_STATUS_REFUSED:
      /* Translators: the %s is what the router said, in technical words. */
      detail = g_strdup_printf (_("The router was asked to let friends in and refused: %s"),
                                get_technical (port_map));
      add (findings, KITH_FINDING_PROBLEM, "router-refused", _("The router refuses"), detail, advice);
      break;
    case KITH_ROUTER_STATUS_DOUBLE_NAT:
      add (findings, KITH_FINDING_PROBLEM, "router-double-nat", _("Behind two routers"),
           _("Your router is itself behind another one, often your provider’s. What it lets in does "
             "not come from outside."),
           _("Ask your internet provider for an address of your own (public IPv4, or IPv6). Friends who can "
             "be reached themselves still find you."));
      break;
    }
}

/* With IPv6 no port has to be forwarded, but most routers let nothing in by themselves. */
void
kith_doctor_add_pinhole (GListStore *findings, KithNetwork *network, guint16 port,
                         KithPortMap *port_map)
{
  g_autofree char *advice =
    /* Translators: the number of a port */
    g_strdup_printf (_("In the settings of your router, let programs open ports by themselves (PCP), or allow "
                       "TCP port %u to this computer in its IPv6 firewall."), port);
  g_autofree char *detail = NULL;

  switch (kith_network_get_pinhole (network))
    {
    case KITH_PINHOLE_STATUS_OFF:
    case KITH_PINHOLE_STATUS_SEARCHING:
      break;
    case KITH_PINHOLE_STATUS_OPEN:
      add (findings, KITH_FINDING_GOOD, "ipv6-open", _("The router lets friends in by IPv6"), NULL,
           NULL);
      break;
    case KITH_PINHOLE_STATUS_NONE:
      add (findings, KITH_FINDING_NOTE, "ipv6-none", _("It is not known whether friends get in by IPv6"),
           _("The router does not say whether it lets them in. It may keep nobody out."),
           advice);
      break;
    case KITH_PINHOLE_STATUS_REFUSED:
      if (port_map != NULL)
        /* Translators: the %s is what the router said, in technical words. */
        detail = g_strdup_printf (_("The router was asked to let friends in by IPv6 and refused: %s"),
                                  kith_port_map_get_pinhole_detail (port_map));
      add (findings, KITH_FINDING_NOTE, "ipv6-refused", _("The router does not let friends in by IPv6"),
           detail, advice);
      break;
    }
}

/* --- The clock ------------------------------------------------------------------------------ */

static char *
dup_clock_title (guint hours)
{
  if (hours < 48)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         /* Translators: by how much it differs from the clocks of others */
                                         "This computer’s clock seems to be %u hour wrong",
                                         "This computer’s clock seems to be %u hours wrong", hours),
                            hours);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       /* Translators: by how much it differs from the clocks of others */
                                       "This computer’s clock seems to be %u day wrong",
                                       "This computer’s clock seems to be %u days wrong", hours / 24),
                          hours / 24);
}

void
kith_doctor_add_clock (GListStore *findings, KithNetwork *network)
{
  gint64 correction_s = kith_network_get_clock_correction (network);
  guint hours = (guint) ((ABS (correction_s) + 1800) / 3600);
  g_autofree char *title = NULL;

  if (correction_s == 0)
    return;

  title = dup_clock_title (hours);
  add (findings, KITH_FINDING_PROBLEM, "wrong-clock", title,
       correction_s > 0 ? _("It is slow, as at least three of your contacts say. Kith uses their time "
                            "to find contacts, and nothing else.")
                        : _("It is fast, as at least three of your contacts say. Kith uses their time "
                            "to find contacts, and nothing else."),
       _("Set the date, the time and the time zone of this computer."));
}

/* --- DHT and same network ------------------------------------------------------------------- */

void
kith_doctor_add_dht (GListStore *findings, KithNetwork *network)
{
  guint nodes = kith_network_get_nodes (network);
  g_autofree char *detail = NULL;

  switch (kith_network_get_dht (network))
    {
    case KITH_DHT_STATUS_PROXY:
      break;
    case KITH_DHT_STATUS_OFF:
      add (findings, KITH_FINDING_NOTE, "dht-off", _("The directory (DHT) is off"),
           _("Contacts are only found at the address they had last, or on the same network."),
           _("Turn it on in the network preferences to find contacts who have moved."));
      break;
    case KITH_DHT_STATUS_CONNECTING:
      add (findings, KITH_FINDING_PROBLEM, "dht-connecting", _("The directory (DHT) does not answer"),
           _("None of the computers that hold it has answered yet."),
           _("Wait a few minutes. If it stays so, a firewall may be in the way (it must let UDP through): "
             "try another network, or look at “Where to Enter the Directory” in the network preferences."));
      break;
    case KITH_DHT_STATUS_CONNECTED:
      if (nodes > 0)
        /* Translators: of the directory in which others are found (DHT) */
        detail = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u computer that holds it is known.",
                                               "%u computers that hold it are known.", nodes), nodes);
      add (findings, KITH_FINDING_GOOD, "dht-connected", _("Connected to the directory (DHT)"), detail, NULL);
      break;
    case KITH_DHT_STATUS_FAILED:
      add (findings, KITH_FINDING_PROBLEM, "dht-failed", _("The directory (DHT) cannot be used"), NULL,
           _("Quit Kith and start it again. If that does not help, something on this computer may keep it from "
             "the network (UDP), such as a firewall."));
      break;
    }
}

void
kith_doctor_add_lan (GListStore *findings, KithNetwork *network)
{
  switch (kith_network_get_lan (network))
    {
    case KITH_LAN_STATUS_OFF:
    case KITH_LAN_STATUS_PROXY:
      break;
    case KITH_LAN_STATUS_ON:
      add (findings, KITH_FINDING_GOOD, "lan-on", _("Contacts on this network find you"), NULL, NULL);
      break;
    case KITH_LAN_STATUS_PRESENTED:
      add (findings, KITH_FINDING_GOOD, "lan-presented", _("Everybody on this network sees your name"),
           NULL, NULL);
      break;
    case KITH_LAN_STATUS_FAILED:
      add (findings, KITH_FINDING_NOTE, "lan-failed", _("This network does not help to find people"),
           _("It does not carry the calls that Kith makes on it, as many guest networks do not."), NULL);
      break;
    }
}

/* --- From outside --------------------------------------------------------------------------- */

static const char *
say_result (KithDialResult result)
{
  switch (result)
    {
    case KITH_DIAL_REACHED:
      /* Translators: by somebody who tried to connect to this computer */
      return _("reached");
    case KITH_DIAL_REFUSED:
      /* Translators: the connection was, by this computer */
      return _("refused");
    case KITH_DIAL_TIMEOUT:
      return _("no answer");
    case KITH_DIAL_UNREACHABLE:
      return _("no way there");
    case KITH_DIAL_SOMEBODY_ELSE:
      return _("something else answered");
    case KITH_DIAL_NOT_TRIED:
      break;
    }

  return _("not tried");
}

static char *
dup_results (const KithBodyDialBack *result)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < result->n_tries; i++)
    {
      g_autofree char *endpoint = kith_endpoint_dup_text (&result->tries[i].endpoint);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", endpoint,
                              say_result (result->tries[i].result));
    }

  return g_string_free (text, FALSE);
}

static gboolean
was_reached (const KithBodyDialBack *result)
{
  for (guint i = 0; i < result->n_tries; i++)
    if (result->tries[i].result == KITH_DIAL_REACHED)
      return TRUE;

  return FALSE;
}

/* Somebody in the same network, or on this machine, says nothing about the world outside. */
static gboolean
is_helper_inside (const KithBodyDialBack *result)
{
  return result->seen.family != 0 && !kith_endpoint_is_global (&result->seen);
}

void
kith_doctor_add_dial_back (GListStore *findings, KithDialBackAnswer *answer, guint16 port)
{
  const char *name = kith_contact_get_display_name (answer->helper);
  g_autofree char *results = dup_results (&answer->result);
  g_autofree char *advice = dup_forward_advice (port);
  g_autofree char *title = NULL;

  if (!was_reached (&answer->result))
    {
      /* Translators: the %s is the name of a contact. */
      title = g_strdup_printf (_("%s cannot reach you"), name);
      add (findings, KITH_FINDING_PROBLEM, "dial-back-failed", title, results, advice);
      return;
    }

  /* Translators: the name of a person */
  title = g_strdup_printf (_("%s can reach you"), name);
  add (findings, KITH_FINDING_GOOD, "dial-back-reached", title, results, NULL);
  if (is_helper_inside (&answer->result))
    add (findings, KITH_FINDING_NOTE, "dial-back-inside", _("Only checked from inside"),
         _("The contact who checked is on the same network as you. Whether you can be reached from "
           "outside is not known."),
         _("Check again when a contact from elsewhere is online."));
}
