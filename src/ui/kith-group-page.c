/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-group-page.h"

#include <glib/gi18n.h>

#include "base/kith-secret.h"
#include "ui/kith-avatar.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-request-input.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"

struct _KithGroupPage
{
  AdwBin parent_instance;

  KithAvatar *avatar;
  GtkLabel *title_label;
  GtkLabel *inviter_label;
  GtkLabel *topic_label;
  GtkLabel *members_label;
  GtkEditable *text_row;
  GtkLabel *complaint_label;
  GtkWidget *buttons;
  GtkWidget *join_button;

  gboolean folded;
  KithNode *node;        /* (owned) (nullable) */
  KithGroup *group;      /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned) on group */
};

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (KithGroupPage, kith_group_page, ADW_TYPE_BIN)

static void
update (KithGroupPage *self)
{
  KithContact *inviter = kith_group_get_inviter (self->group);
  const char *topic = kith_group_get_topic (self->group);
  guint n = kith_group_get_n_members (self->group);
  g_autofree char *members
      /* Translators: how many people are in a group */
      = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u member", "%u members", n), n);
  g_autofree char *words = NULL;

  if (inviter != NULL)
    /* Translators: the name of a person */
    words = kith_sentence_make (_("%s invites you to this group"),
                                kith_contact_get_display_name (inviter));
  else
    words = g_strdup (_("You are invited to this group"));
  gtk_label_set_text (self->title_label, kith_group_get_name (self->group));
  gtk_label_set_text (self->inviter_label, words);
  gtk_label_set_text (self->topic_label, topic);
  gtk_widget_set_visible (GTK_WIDGET (self->topic_label), *topic != '\0');
  gtk_label_set_text (self->members_label, members);
  gtk_widget_set_visible (GTK_WIDGET (self->members_label), n > 0);
}

/* --- The decision --------------------------------------------------------------------------- */

static char *
dup_typed_name (KithGroup *group)
{
  return g_strconcat ("invitation-text-", kith_group_get_id (group), NULL);
}

typedef struct
{
  KithGroupPage *self; /* (owned) */
  KithGroup *group;    /* (owned) what was answered */
  char *text;          /* (owned) the words for its admin */
} AnswerData;

static void
answer_data_free (AnswerData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->group);
  kith_secret_free_text (data->text);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AnswerData, answer_data_free)

static AnswerData *
answer_data_new (KithGroupPage *self)
{
  AnswerData *data = g_new0 (AnswerData, 1);

  data->self = g_object_ref (self);
  data->group = g_object_ref (self->group);
  data->text = g_strdup (gtk_editable_get_text (self->text_row));

  return data;
}

/* The words are there again, where the user is or when they come back. */
static void
give_back (AnswerData *data, KithNode *node)
{
  KithGroupPage *self = data->self;
  g_autofree char *name = NULL;

  if (self->group == data->group)
    {
      gtk_widget_set_sensitive (self->buttons, TRUE);
      if (*gtk_editable_get_text (self->text_row) == '\0')
        gtk_editable_set_text (self->text_row, data->text);
      return;
    }

  if (*data->text == '\0' || kith_group_get_state (data->group) != KITH_MEMBERSHIP_INVITED)
    return;

  name = dup_typed_name (data->group);
  kith_typed_keep (node, name, data->text);
}

/* The window shows what comes of it. */
static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AnswerData) data = user_data;
  g_autoptr (GError) error = NULL;
  GtkWidget *page = GTK_WIDGET (data->self);

  if (kith_node_group_finish (KITH_NODE (source), result, &error))
    return;

  /* The window may have gone. */
  if (gtk_widget_get_root (page) != NULL)
    kith_toast_say_error (page, error);
  give_back (data, KITH_NODE (source));
}

static void
text_changed_cb (KithGroupPage *self)
{
  const char *complaint = kith_request_input_check (gtk_editable_get_text (self->text_row));

  kith_entry_state_show (GTK_WIDGET (self->text_row), complaint, self->complaint_label);
  gtk_widget_set_sensitive (self->join_button, complaint == NULL);
}

static void
join_clicked_cb (KithGroupPage *self)
{
  const char *text = gtk_editable_get_text (self->text_row);

  if (!gtk_widget_is_sensitive (self->join_button))
    {
      kith_entry_state_say (GTK_WIDGET (self));
      return;
    }

  gtk_widget_set_sensitive (self->buttons, FALSE);
  kith_node_accept_group_invitation_async (self->node, self->group, *text != '\0' ? text : NULL, NULL,
                                           answered_cb, answer_data_new (self));
}

static void
decline_clicked_cb (KithGroupPage *self)
{
  gtk_widget_set_sensitive (self->buttons, FALSE);
  kith_node_decline_group_invitation_async (self->node, self->group, NULL, answered_cb,
                                            answer_data_new (self));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_group_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithGroupPage *self = KITH_GROUP_PAGE (object);

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
kith_group_page_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  KithGroupPage *self = KITH_GROUP_PAGE (object);

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
kith_group_page_dispose (GObject *object)
{
  KithGroupPage *self = KITH_GROUP_PAGE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->group);
  g_clear_object (&self->node);
  kith_typed_let_go (self->text_row);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_GROUP_PAGE);

  G_OBJECT_CLASS (kith_group_page_parent_class)->dispose (object);
}

static void
kith_group_page_class_init (KithGroupPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_group_page_get_property;
  object_class->set_property = kith_group_page_set_property;
  object_class->dispose = kith_group_page_dispose;

  properties[PROP_FOLDED] = g_param_spec_boolean (
      "folded", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (KITH_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-group-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, inviter_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, topic_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, members_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, text_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, complaint_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPage, join_button);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, decline_clicked_cb);
}

static void
kith_group_page_init (KithGroupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (KITH_TYPE_GROUP);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update), self);
}

/* --- The words for the admin ---------------------------------------------------------------- */

/* Not what was answered with. */
static void
keep_words (KithGroupPage *self)
{
  const char *text = gtk_editable_get_text (self->text_row);
  g_autofree char *name = NULL;

  if (self->group == NULL || self->node == NULL || *text == '\0' || !gtk_widget_get_sensitive (self->buttons)
      || kith_group_get_state (self->group) != KITH_MEMBERSHIP_INVITED)
    return;

  name = dup_typed_name (self->group);
  kith_typed_keep (self->node, name, text);
}

static void
put_words_back (KithGroupPage *self)
{
  g_autofree char *name = dup_typed_name (self->group);
  char *text = kith_typed_dup (self->node, name);

  if (text != NULL)
    gtk_editable_set_text (self->text_row, text);
  kith_secret_free_text (text);
  kith_typed_forget (self->node, name);
}

/**
 * kith_group_page_forget_typed:
 * @node: who was invited
 * @group: one that is gone
 *
 * Forgets what was written for its admin and not sent.
 */
void
kith_group_page_forget_typed (KithNode *node, KithGroup *group)
{
  g_autofree char *name = dup_typed_name (group);

  kith_typed_forget (node, name);
}

/**
 * kith_group_page_set_group:
 * @self: a page
 * @node: (nullable): who is invited; set with @group
 * @group: (nullable): where
 *
 * What was written for the admin of another group waits until that one is shown again, also while the profile is locked.
 */
void
kith_group_page_set_group (KithGroupPage *self, KithNode *node, KithGroup *group)
{
  g_return_if_fail (KITH_IS_GROUP_PAGE (self));

  if (self->group != group)
    keep_words (self);
  g_set_object (&self->node, node);
  if (!g_set_object (&self->group, group))
    return;

  g_signal_group_set_target (self->signals, group);
  kith_avatar_set_group (self->avatar, group);
  gtk_editable_set_text (self->text_row, "");
  gtk_widget_set_sensitive (self->buttons, TRUE);
  if (group == NULL)
    return;

  put_words_back (self);
  update (self);
}
