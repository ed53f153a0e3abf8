/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-demo.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-application.h"

#define ADDRESS "127.0.0.1"

/* People need a moment to type. */
#define PAUSE_MS 700

enum
{
  ANN,
  BEN,
  N_PEOPLE
};

static const char *const names[N_PEOPLE] = { "Ann", "Ben" };

static const struct
{
  guint who;
  const char *text;
} lines[] = {
  { BEN, N_("Hi Ann! I entered your address and port, and here I am.") },
  { ANN, N_("Welcome, Ben 👋") },
  { ANN, N_("This goes straight from your computer to mine, and only we two can read it.") },
  { BEN, N_("No server in between? Then who keeps our messages?") },
  { ANN, N_("Nobody but us. If one of us is offline, they wait until we are both back.") },
  { BEN, N_("And the little ticks tell me whether you have read this. Nice!") },
};

struct _KithDemo
{
  GObject parent_instance;

  KithApplication *application; /* (unowned) owns us */
  KithNode *nodes[N_PEOPLE];    /* (owned) */
  KithWindow *windows[N_PEOPLE]; /* (unowned) cleared when they are closed */
  guint n_open;
  guint next_line;
  guint pause_id;
};

G_DEFINE_FINAL_TYPE (KithDemo, kith_demo, G_TYPE_OBJECT)

static void
tell (KithDemo *self, guint who, const GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  if (self->windows[who] != NULL)
    kith_window_toast (self->windows[who], words);
}

/* --- The conversation ----------------------------------------------------------------------- */

static KithConversation *
get_conversation (KithDemo *self, guint who)
{
  g_autoptr (KithConversation) first
      = g_list_model_get_item (kith_node_get_conversations (self->nodes[who]), 0);

  /* The model holds it. */
  return first;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithDemo) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, &error);

  if (message == NULL)
    tell (self, KITH_NODE (source) == self->nodes[ANN] ? ANN : BEN, error);
}

static gboolean
say_next_line_cb (gpointer user_data)
{
  KithDemo *self = user_data;
  guint who = lines[self->next_line].who;
  KithConversation *conversation;

  self->pause_id = 0;
  if (self->windows[ANN] == NULL || self->windows[BEN] == NULL)
    return G_SOURCE_REMOVE;

  conversation = get_conversation (self, who);
  if (conversation != NULL)
    kith_node_send_async (self->nodes[who], conversation, _(lines[self->next_line].text), NULL,
                          sent_cb, g_object_ref (self));
  self->next_line++;

  return G_SOURCE_REMOVE;
}

/* Each line waits until the one before has arrived. */
static void
message_added_cb (KithDemo *self, KithConversation *conversation, KithMessage *message)
{
  if (!kith_message_is_outgoing (message) && self->next_line < G_N_ELEMENTS (lines)
      && self->pause_id == 0)
    self->pause_id = g_timeout_add (PAUSE_MS, say_next_line_cb, self);
}

static void
accepted_cb (KithDemo *self, KithContact *contact)
{
  KithConversation *conversation = kith_node_get_conversation (self->nodes[BEN], contact);

  kith_window_open_id (self->windows[BEN],
                       kith_conversation_get_key_text (conversation));
  if (self->next_line == 0 && self->pause_id == 0)
    self->pause_id = g_timeout_add (PAUSE_MS, say_next_line_cb, self);
}

/* --- Becoming contacts ---------------------------------------------------------------------- */

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithDemo) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_connect_finish (KITH_NODE (source), result, NULL, NULL, &error))
    tell (self, BEN, error);
}

static void
accept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithDemo) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithContact) contact = kith_node_accept_finish (KITH_NODE (source), result, &error);

  if (contact == NULL)
    tell (self, ANN, error);
  else if (self->windows[ANN] != NULL)
    kith_window_open_id (self->windows[ANN], kith_contact_get_id (contact));
}

static void
request_added_cb (KithDemo *self, KithRequest *request)
{
  kith_node_accept_async (self->nodes[ANN], request, NULL, accept_cb, g_object_ref (self));
}

/* Both have an identity and listen: Ben enters Ann's address and port. */
static void
profile_changed_cb (KithDemo *self)
{
  if (++self->n_open < N_PEOPLE)
    return;

  kith_node_connect_async (self->nodes[BEN], ADDRESS, kith_node_get_listen_port (self->nodes[ANN]),
                           _("Hello, it’s Ben."), NULL, connected_cb, g_object_ref (self));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithDemo) self = user_data;
  g_autoptr (GError) error = NULL;
  guint who = KITH_NODE (source) == self->nodes[ANN] ? ANN : BEN;

  gboolean opened = kith_node_open_finish (KITH_NODE (source), result, &error);

  if (self->windows[who] == NULL)
    return;

  if (!opened)
    kith_window_show_trouble (self->windows[who], error);
  else
    kith_window_create_profile (self->windows[who], names[who]);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_demo_dispose (GObject *object)
{
  KithDemo *self = KITH_DEMO (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  for (guint who = 0; who < N_PEOPLE; who++)
    {
      g_clear_weak_pointer (&self->windows[who]);
      g_clear_object (&self->nodes[who]);
    }

  G_OBJECT_CLASS (kith_demo_parent_class)->dispose (object);
}

static void
kith_demo_class_init (KithDemoClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_demo_dispose;
}

static void
kith_demo_init (KithDemo *self)
{
}

/**
 * kith_demo_new:
 * @application: where the windows belong
 *
 * Returns: (transfer full): a demonstration that has not begun
 */
KithDemo *
kith_demo_new (KithApplication *application)
{
  KithDemo *self = g_object_new (KITH_TYPE_DEMO, NULL);

  self->application = application;

  return self;
}

/**
 * kith_demo_start:
 * @self: a demonstration
 *
 * Opens the windows and lets the two meet.
 */
void
kith_demo_start (KithDemo *self)
{
  g_return_if_fail (KITH_IS_DEMO (self));
  g_return_if_fail (self->nodes[ANN] == NULL);

  for (guint who = 0; who < N_PEOPLE; who++)
    {
      KithNode *node = kith_node_new_in_memory ();
      KithWindow *window = kith_application_add_window (self->application);

      self->nodes[who] = node;
      g_set_weak_pointer (&self->windows[who], window);
      kith_window_set_demo (window);
      kith_window_set_node (window, node);
      kith_window_set_listen (window, ADDRESS, 0);

      /* The window is the first to connect, and listens when the profile is there. */
      g_signal_connect_object (node, "notify::profile", G_CALLBACK (profile_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (node, "message-added", G_CALLBACK (message_added_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_window_present (GTK_WINDOW (window));
    }

  g_signal_connect_object (self->nodes[ANN], "request-added", G_CALLBACK (request_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->nodes[BEN], "contact-changed::accepted", G_CALLBACK (accepted_cb),
                           self, G_CONNECT_SWAPPED);

  for (guint who = 0; who < N_PEOPLE; who++)
    kith_node_open_async (self->nodes[who], NULL, opened_cb, g_object_ref (self));
}
