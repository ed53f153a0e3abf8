/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection doctor: what works, what is in the way, and what to do about it. It says what was
 * seen and nothing that was not. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/kith-error.h"
#include "base/kith-source.h"
#include "node/kith-dial-back.h"
#include "node/kith-directory.h"
#include "node/kith-doctor-words.h"
#include "node/kith-networking.h"
#include "node/kith-node-doctor.h"
#include "node/kith-own-addresses.h"

#define LOOK_MS 200
#define LONGEST_MS 12000

typedef struct
{
  GListStore         *findings; /* (owned) KithFinding */
  KithPeer           *peer;     /* (owned) (nullable) */
  GSource            *timer;    /* (owned) (nullable) */
  gint64              end_us;   /* monotonic */
} Examination;

static void
examination_free (gpointer data)
{
  Examination *examination = data;

  kith_source_clear (&examination->timer);
  g_clear_pointer (&examination->peer, kith_peer_unref);
  g_object_unref (examination->findings);
  g_free (examination);
}

static void
add (Examination *examination, KithFindingLevel level, const char *code, const char *title,
     const char *detail, const char *advice)
{
  g_autoptr (KithFinding) finding = kith_finding_new (level, code, title, detail, advice, 0);

  g_list_store_append (examination->findings, finding);
}

/* Problems first, then what is good to know, then what works; else in the order they were found. */
static gint
compare_findings (gconstpointer a, gconstpointer b, gpointer user_data)
{
  KithFindingLevel left = kith_finding_get_level ((KithFinding *) a);
  KithFindingLevel right = kith_finding_get_level ((KithFinding *) b);

  return (gint) right - (gint) left;
}

static void
finish (GTask *task)
{
  Examination *examination = g_task_get_task_data (task);

  g_list_store_sort (examination->findings, compare_findings, NULL);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_object_ref (examination->findings), g_object_unref);
}

/* --- This side ------------------------------------------------------------------------------ */

static gboolean
has_address (void)
{
  g_auto (GStrv) addresses = kith_own_addresses_list (NULL);
  KithEndpoint first;

  return addresses[0] != NULL && kith_endpoint_parse (&first, addresses[0], KITH_DEFAULT_PORT)
         && !kith_endpoint_is_loopback (&first);
}

/* A network that leads nowhere else is one where friends can meet. */
static void
examine_machine (KithNode *self, Examination *examination)
{
  if (!has_address ())
    add (examination, KITH_FINDING_PROBLEM, "no-network", _("No network"),
         _("This computer is not connected to any network."),
         _("Connect to a network. Kith goes on by itself then."));
  else if (!kith_network_get_online (self->networking->model))
    add (examination, KITH_FINDING_NOTE, "no-internet", _("No way to the internet"),
         _("The network that this computer is in leads nowhere else. People in the same network "
           "can be reached."), NULL);
}

static void
examine_listener (KithNode *self, Examination *examination)
{
  g_autofree char *detail = NULL;

  examine_machine (self, examination);

  if (!kith_node_get_listening (self))
    {
      add (examination, KITH_FINDING_PROBLEM, "not-listening", _("Kith lets nobody in"),
           _("Friends cannot connect to you; you can still connect to them."),
           _("Turn on “Let Friends Reach Me” under “My Address”."));
      return;
    }

  /* Translators: the number of a port */
  detail = g_strdup_printf (_("Kith listens on port %u."), kith_node_get_listen_port (self));
  add (examination, KITH_FINDING_GOOD, "listening", _("Friends can knock"), detail, NULL);
}

static void
examine_network (KithNode *self, Examination *examination)
{
  KithNetwork *model = self->networking->model;

  if (kith_network_get_proxy (model) != NULL)
    add (examination, KITH_FINDING_NOTE, "proxy", _("A proxy is set"),
         _("Nothing goes around it, so nobody can find or reach you; you can reach those whose "
           "address is known."),
         _("That is on purpose. To be found by friends, remove the proxy in the network preferences."));

  kith_doctor_add_clock (examination->findings, model);
  kith_doctor_add_router (examination->findings, model,
                          kith_node_get_listen_port (self), self->networking->port_map);
  kith_doctor_add_pinhole (examination->findings, model,
                           kith_node_get_listen_port (self), self->networking->port_map);
  kith_doctor_add_dht (examination->findings, model);
  kith_doctor_add_lan (examination->findings, model);
}

/* --- From outside --------------------------------------------------------------------------- */

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  Examination *examination = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithDialBackAnswer) answer = kith_dial_back_ask_finish (result, &error);

  if (answer != NULL)
    kith_doctor_add_dial_back (examination->findings, answer, kith_node_get_listen_port (self));
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TIMEOUT))
    add (examination, KITH_FINDING_NOTE, "dial-back-silent", _("No answer from your contact"),
         _("A contact was asked to try to connect to you, and did not answer in time."),
         _("Try again in a minute."));
  else if (kith_node_get_listening (self))
    add (examination, KITH_FINDING_NOTE, "dial-back-nobody", _("Not checked from outside"),
         _("Whether you can be reached is best checked by a contact who is online, and none is."),
         _("Check again when a contact is online."));

  finish (task);
}

static void
examine_self (KithNode *self, GTask *task)
{
  Examination *examination = g_task_get_task_data (task);

  examine_listener (self, examination);
  examine_network (self, examination);
  kith_dial_back_ask_async (self->dial_back, g_task_get_cancellable (task), answered_cb,
                            g_object_ref (task));
}

/* --- One contact ---------------------------------------------------------------------------- */

static gboolean
is_examined (Examination *examination)
{
  KithPeer *peer = examination->peer;

  return peer->removed || kith_peer_is_online (peer)
         || (peer->dial == NULL && (peer->meeting == NULL || !kith_meeting_is_looking (peer->meeting)))
         || kith_env_monotonic_us (peer->node->env) >= examination->end_us;
}

static gboolean
look_cb (gpointer user_data)
{
  GTask *task = user_data;
  KithNode *self = g_task_get_source_object (task);
  Examination *examination = g_task_get_task_data (task);

  if (!is_examined (examination) && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return G_SOURCE_CONTINUE;

  if (!self->closing)
    {
      kith_doctor_add_contact (examination->findings, examination->peer);
      if (!kith_peer_is_online (examination->peer))
        {
          examine_listener (self, examination);
          examine_network (self, examination);
        }
    }
  finish (task);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

/* Tries anew, and tells how it went. */
static void
examine_contact (KithPeer *peer, GTask *task)
{
  Examination *examination = g_task_get_task_data (task);

  examination->peer = kith_peer_ref (peer);
  examination->end_us = kith_env_monotonic_us (peer->node->env) + LONGEST_MS * (gint64) 1000;
  if (peer->session == NULL)
    {
      if (peer->meeting != NULL)
        kith_meeting_look_now (peer->meeting);
      kith_directory_try_now (peer);
    }

  examination->timer = g_timeout_source_new (LOOK_MS);
  g_source_set_callback (examination->timer, look_cb, g_object_ref (task), NULL);
  g_source_attach (examination->timer, g_main_context_get_thread_default ());
}

/* --- Public --------------------------------------------------------------------------------- */

void
kith_node_diagnose_async (KithNode *self, KithContact *contact, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Examination *examination = g_new0 (Examination, 1);
  KithPeer *peer = NULL;

  g_task_set_source_tag (task, kith_node_diagnose_async);
  g_task_set_task_data (task, examination, examination_free);
  examination->findings = g_list_store_new (KITH_TYPE_FINDING);

  if (self->local == NULL || self->closing)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
      return;
    }

  if (contact == NULL)
    {
      examine_self (self, task);
      return;
    }

  peer = kith_node_peer_for_task (self, contact, task);
  if (peer != NULL)
    examine_contact (peer, task);
}

GListModel *
kith_node_diagnose_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
