/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-request-page.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-avatar.h"
#include "ui/kith-format.h"
#include "ui/kith-question.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

struct _KithRequestPage
{
  AdwBin parent_instance;

  KithAvatar *avatar;
  GtkLabel *title_label;
  GtkWidget *taken_label;
  GtkLabel *text_label;
  AdwActionRow *address_row;
  AdwActionRow *time_row;
  AdwActionRow *id_row;
  GtkWidget *buttons;

  gboolean folded;
  KithNode *node;                /* (owned) (nullable) */
  KithRequest *request;          /* (owned) (nullable) */
  GSignalGroup *request_signals; /* (owned) */
  GHashTable *answered;          /* (owned) (element-type KithRequest): to which an answer is on its way */
};

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};

enum
{
  SIGNAL_ACCEPTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithRequestPage, kith_request_page, ADW_TYPE_BIN)

static void
update (KithRequestPage *self)
{
  const char *name = kith_request_get_name (self->request);
  const char *text = kith_request_get_text (self->request);
  const char *address = kith_request_get_address (self->request);
  g_autofree char *title = NULL;
  g_autofree char *when = kith_format_full_time (kith_request_get_time_ms (self->request));
  g_autofree char *id = kith_format_id (kith_request_get_id (self->request), 2);
  g_autofree char *taken = kith_explain_name_taken (name);
  /* Translators: two whole sentences, one after the other */
  g_autofree char *warning
      = g_strdup_printf (_("%s %s"), taken, _("Ask them in another way before you accept."));

  if (*name != '\0')
    /* Translators: the name of a person */
    title = kith_sentence_make (_("%s would like to chat with you"), name);
  else
    title = g_strdup (_("Somebody without a name would like to chat with you"));

  kith_avatar_set_name (self->avatar, name);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->text_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->text_label), *text != '\0');
  gtk_label_set_text (GTK_LABEL (self->taken_label), warning);
  gtk_widget_set_visible (self->taken_label, kith_request_get_name_taken (self->request));
  gtk_widget_set_visible (GTK_WIDGET (self->address_row), address != NULL);

  adw_action_row_set_subtitle (self->address_row, address != NULL ? address : "");
  adw_action_row_set_subtitle (self->time_row, when);
  adw_action_row_set_subtitle (self->id_row, id);
}

static void
copy_cb (KithRequestPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s",
                              kith_request_get_id (self->request));
}

/* Another request may be shown before this one is answered, and this one again. */
typedef struct
{
  KithRequestPage *self; /* (owned) */
  KithRequest *request;  /* (owned) */
} Answer;

static void
answer_free (Answer *answer)
{
  g_object_unref (answer->self);
  g_object_unref (answer->request);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static void
update_buttons (KithRequestPage *self)
{
  gtk_widget_set_sensitive (self->buttons, self->request != NULL && !g_hash_table_contains (self->answered, self->request));
}

/* Of the request that is shown. */
static Answer *
begin_answer (KithRequestPage *self)
{
  Answer *answer = g_new (Answer, 1);

  answer->self = g_object_ref (self);
  answer->request = g_object_ref (self->request);
  g_hash_table_add (self->answered, g_object_ref (self->request));
  update_buttons (self);

  return answer;
}

/* @error: (nullable) */
static void
end_answer (Answer *answer, GError *error)
{
  KithRequestPage *self = answer->self;

  g_hash_table_remove (self->answered, answer->request);
  if (self->buttons == NULL || error == NULL) /* the window has gone, or the page goes with the request */
    return;

  update_buttons (self);
  kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
accept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Answer) answer = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithContact) contact = kith_node_accept_finish (KITH_NODE (source), result, &error);

  end_answer (answer, error);
  if (contact != NULL)
    g_signal_emit (answer->self, signals[SIGNAL_ACCEPTED], 0, contact);
}

static void
accept_clicked_cb (KithRequestPage *self)
{
  kith_node_accept_async (self->node, self->request, NULL, accept_cb, begin_answer (self));
}

static void
decline_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Answer) answer = user_data;
  g_autoptr (GError) error = NULL;

  kith_node_decline_finish (KITH_NODE (source), result, &error);
  end_answer (answer, error);
}

/* The request may have gone meanwhile, or another one stands in its place. */
static void
response_cb (GtkWidget *dialog, const char *response, KithRequestPage *self)
{
  KithRequest *asked = g_object_get_data (G_OBJECT (dialog), "request");

  if (!g_str_equal (response, "decline") || asked != self->request
      || !gtk_widget_get_sensitive (self->buttons))
    return;

  kith_node_decline_async (self->node, self->request, NULL, decline_cb, begin_answer (self));
}

static void
decline_clicked_cb (KithRequestPage *self)
{
  AdwMessageDialog *dialog
      = kith_question_new (GTK_WIDGET (self), _("Decline This Request?"),
                           _("It is deleted here, with what they wrote. If they used a link of yours, that does "
                             "not work anymore. This cannot be undone, but they can ask again in another way."),
                           "decline",
                           /* Translators: a button: a request */
                           _("_Decline"), ADW_RESPONSE_DESTRUCTIVE);

  g_object_set_data_full (G_OBJECT (dialog), "request", g_object_ref (self->request), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
kith_request_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithRequestPage *self = KITH_REQUEST_PAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_request_page_set_property (GObject *object, guint prop_id, const GValue *value,
                                GParamSpec *pspec)
{
  KithRequestPage *self = KITH_REQUEST_PAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      if (self->folded == g_value_get_boolean (value))
        return;
      self->folded = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_request_page_dispose (GObject *object)
{
  KithRequestPage *self = KITH_REQUEST_PAGE (object);

  g_clear_object (&self->request_signals);
  g_clear_object (&self->request);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_REQUEST_PAGE);

  G_OBJECT_CLASS (kith_request_page_parent_class)->dispose (object);
}

static void
kith_request_page_finalize (GObject *object)
{
  g_hash_table_unref (KITH_REQUEST_PAGE (object)->answered);

  G_OBJECT_CLASS (kith_request_page_parent_class)->finalize (object);
}

static void
kith_request_page_class_init (KithRequestPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_request_page_get_property;
  object_class->set_property = kith_request_page_set_property;
  object_class->dispose = kith_request_page_dispose;
  object_class->finalize = kith_request_page_finalize;

  properties[PROP_FOLDED] = g_param_spec_boolean (
      "folded", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ACCEPTED] = g_signal_new ("accepted", KITH_TYPE_REQUEST_PAGE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, KITH_TYPE_CONTACT);

  g_type_ensure (KITH_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-request-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, taken_label);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, text_label);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, time_row);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, id_row);
  gtk_widget_class_bind_template_child (widget_class, KithRequestPage, buttons);
  gtk_widget_class_bind_template_callback (widget_class, accept_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, decline_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
kith_request_page_init (KithRequestPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->answered = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->request_signals = g_signal_group_new (KITH_TYPE_REQUEST);
  g_signal_group_connect_swapped (self->request_signals, "notify", G_CALLBACK (update), self);
}

/**
 * kith_request_page_set_request:
 * @self: a page
 * @node: (nullable): whom was asked
 * @request: (nullable): who asks
 */
void
kith_request_page_set_request (KithRequestPage *self, KithNode *node, KithRequest *request)
{
  g_return_if_fail (KITH_IS_REQUEST_PAGE (self));

  g_set_object (&self->node, node);
  if (!g_set_object (&self->request, request))
    return;

  g_signal_group_set_target (self->request_signals, request);
  update_buttons (self);
  if (request != NULL)
    update (self);
}

/**
 * kith_request_page_get_request:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): who asks
 */
KithRequest *
kith_request_page_get_request (KithRequestPage *self)
{
  g_return_val_if_fail (KITH_IS_REQUEST_PAGE (self), NULL);

  return self->request;
}
