/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-typed.h"

#include <string.h>

#include <adwaita.h>

#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-text.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"

#define KEY_TYPED "kith-typed"
#define PARTS_MAX (KITH_LIMIT_TYPED_BYTES / KITH_LIMIT_SETTING_BYTES)
#define ELLIPSIS "…"
#define CHARACTER_BYTES 4

typedef struct
{
  KithNode *node;          /* (owned) */
  char *name;              /* (owned) */
  char *usual;             /* (owned) what stands there when nobody types */
  gboolean is_secret;      /* what stands there now */
  KithTypedSaving *saving; /* (unowned) (nullable) the last one, unless something else was typed since */
} Typed;

/* What is being saved or sent. */
struct _KithTypedSaving
{
  GtkWidget *input;  /* (owned) */
  GtkWindow *dialog; /* (owned) */
  char *text;        /* (owned) */
};

static void
typed_free (gpointer data)
{
  Typed *typed = data;

  g_object_unref (typed->node);
  g_free (typed->name);
  kith_secret_free_text (typed->usual);
  g_free (typed);
}

static Typed *
get_typed (GtkWidget *input)
{
  return g_object_get_data (G_OBJECT (input), KEY_TYPED);
}

static char *
dup_text (GtkWidget *input)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  if (GTK_IS_EDITABLE (input))
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (input)));

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (input));
  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_text (GtkWidget *input, const char *text)
{
  if (GTK_IS_EDITABLE (input))
    gtk_editable_set_text (GTK_EDITABLE (input), text);
  else
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (input)), text, -1);
}

/* --- In the profile: in parts, since a setting is short -------------------------------------- */

static char *
dup_key (const char *name, guint part)
{
  return g_strdup_printf (KITH_SETTING_TYPED "%s-%u", name, part);
}

/* Nobody writes that much; who has put it there sees where it was cut. */
static char *
dup_bounded (const char *text)
{
  gsize bytes = (PARTS_MAX - 1) * (KITH_LIMIT_SETTING_BYTES - CHARACTER_BYTES);
  g_autoptr (KithSecretText) begin = NULL;

  if (strlen (text) <= bytes)
    return g_strdup (text);

  begin = g_strndup (text, kith_text_fit (text, strlen (text), bytes));

  return g_strconcat (begin, ELLIPSIS, NULL);
}

/* @text: (nullable): NULL forgets it; "" was emptied */
static void
store (KithNode *node, const char *name, const char *text)
{
  g_autoptr (KithSecretText) bounded = dup_bounded (text != NULL ? text : "");
  const char *left = bounded;

  for (guint i = 0; i < PARTS_MAX; i++)
    {
      gsize bytes = kith_text_fit (left, strlen (left), KITH_LIMIT_SETTING_BYTES);
      g_autofree char *key = dup_key (name, i);
      gboolean is_there = bytes > 0 || (i == 0 && text != NULL);
      g_autoptr (KithSecretText) part = is_there ? g_strndup (left, bytes) : NULL;

      if (part == NULL && kith_node_get_setting (node, key) == NULL)
        break;

      kith_node_set_setting (node, key, part);
      left += bytes;
    }
}

/* Returns: (nullable) (unowned) */
static const char *
get_part (KithNode *node, const char *name, guint part)
{
  g_autofree char *key = dup_key (name, part);

  return part < PARTS_MAX ? kith_node_get_setting (node, key) : NULL;
}

/* Returns: (transfer full) (nullable): NULL when nothing was kept */
static char *
dup_stored (KithNode *node, const char *name)
{
  gsize len_bytes = 0;
  const char *part;
  GString *text;

  if (get_part (node, name, 0) == NULL)
    return NULL;

  for (guint i = 0; (part = get_part (node, name, i)) != NULL; i++)
    len_bytes += strlen (part);

  /* One that grows leaves copies behind. */
  text = g_string_sized_new (len_bytes);
  for (guint i = 0; (part = get_part (node, name, i)) != NULL; i++)
    g_string_append (text, part);

  return g_string_free (text, FALSE);
}

/* --- In a dialog ---------------------------------------------------------------------------- */

/* A row that is entered takes what stands there for what is saved, and would not let one apply it. */
static void
entered_cb (GtkWidget *input, GtkStateFlags before, GtkWidget *text)
{
  gboolean is_entered = (gtk_widget_get_state_flags (text) & GTK_STATE_FLAG_FOCUS_WITHIN & ~before) != 0;
  Typed *typed = get_typed (input);

  if (is_entered && typed != NULL
      && !g_str_equal (gtk_editable_get_text (GTK_EDITABLE (input)), typed->usual))
    g_signal_emit_by_name (text, "changed");
}

/**
 * kith_typed_watch:
 * @input: a #GtkEditable or #GtkTextView of a dialog, with what stands there when nobody types
 * @node: whose window it is
 * @name: of the input, and of what it is about, among all that there are
 *
 * From now on kith_typed_keep_all() keeps what is typed there.
 */
void
kith_typed_watch (GtkWidget *input, KithNode *node, const char *name)
{
  Typed *typed;

  g_return_if_fail (GTK_IS_EDITABLE (input) || GTK_IS_TEXT_VIEW (input));
  g_return_if_fail (KITH_IS_NODE (node));

  typed = g_new0 (Typed, 1);
  typed->node = g_object_ref (node);
  typed->name = g_strdup (name);
  typed->usual = dup_text (input);
  g_object_set_data_full (G_OBJECT (input), KEY_TYPED, typed, typed_free);
}

/**
 * kith_typed_unwatch:
 * @input: what may be watched
 *
 * What is typed there from now on is not kept. What was kept already is, and stays.
 */
void
kith_typed_unwatch (GtkWidget *input)
{
  g_object_set_data (G_OBJECT (input), KEY_TYPED, NULL);
}

/**
 * kith_typed_put_back:
 * @input: what is watched
 *
 * Puts there what was kept, if there is something, and forgets it.
 */
void
kith_typed_put_back (GtkWidget *input)
{
  Typed *typed = get_typed (input);
  g_autoptr (KithSecretText) text = NULL;

  g_return_if_fail (typed != NULL);

  text = dup_stored (typed->node, typed->name);
  if (text == NULL)
    return;

  set_text (input, text);
  store (typed->node, typed->name, NULL);
  if (ADW_IS_ENTRY_ROW (input))
    g_signal_connect_object (gtk_editable_get_delegate (GTK_EDITABLE (input)), "state-flags-changed",
                             G_CALLBACK (entered_cb), input, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/**
 * kith_typed_set_secret:
 * @input: what may be watched
 * @is_secret: whether what stands there now is, or has in it, a secret
 *
 * A secret is never kept.
 */
void
kith_typed_set_secret (GtkWidget *input, gboolean is_secret)
{
  Typed *typed = get_typed (input);

  if (typed != NULL)
    typed->is_secret = is_secret;
}

/* Until it goes, a dialog is among the windows; by then it may not have been shown. */
static gboolean
is_open (gpointer dialog)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (window == dialog)
        return TRUE;
    }

  return FALSE;
}

/* @text: (transfer full) */
static void
take_usual (Typed *typed, char *text)
{
  kith_secret_free_text (typed->usual);
  typed->usual = text;
}

/**
 * kith_typed_done:
 * @input: what may be watched
 *
 * What stands there now has been saved, or came from elsewhere. Nothing in a dialog that has gone.
 */
void
kith_typed_done (GtkWidget *input)
{
  Typed *typed = get_typed (input);

  if (typed == NULL || !is_open (gtk_widget_get_root (input)))
    return;

  take_usual (typed, dup_text (input));
  typed->saving = NULL;
  store (typed->node, typed->name, NULL);
}

/**
 * kith_typed_begin:
 * @input: what may be watched, in a dialog
 *
 * What stands there now is being saved or sent. Holds the dialog until kith_typed_end().
 *
 * Returns: (transfer full): for kith_typed_end(), which must follow
 */
KithTypedSaving *
kith_typed_begin (GtkWidget *input)
{
  KithTypedSaving *saving = g_new0 (KithTypedSaving, 1);
  Typed *typed = get_typed (input);

  saving->input = g_object_ref (input);
  saving->dialog = g_object_ref (GTK_WINDOW (gtk_widget_get_root (input)));
  saving->text = dup_text (input);
  if (typed != NULL)
    {
      typed->saving = saving;
      store (typed->node, typed->name, NULL);
    }

  return saving;
}

/**
 * kith_typed_end:
 * @saving: (transfer full): what kith_typed_begin() gave
 * @is_saved: whether it was saved or sent
 *
 * What could not be saved is kept when the dialog has gone meanwhile; else it still stands there.
 *
 * Returns: (transfer full) (type GtkWindow): the dialog
 */
gpointer
kith_typed_end (KithTypedSaving *saving, gboolean is_saved)
{
  Typed *typed = get_typed (saving->input);
  GtkWindow *dialog = saving->dialog;

  if (typed != NULL && typed->saving == saving)
    {
      typed->saving = NULL;
      if (is_saved)
        take_usual (typed, g_strdup (saving->text));
      else if (!is_open (dialog))
        store (typed->node, typed->name, saving->text);
    }

  g_object_unref (saving->input);
  kith_secret_free_text (saving->text);
  g_free (saving);

  return dialog;
}

static void
keep (GtkWidget *widget)
{
  Typed *typed = get_typed (widget);
  g_autoptr (KithSecretText) text = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    keep (child);
  if (typed == NULL)
    return;

  text = dup_text (widget);
  if (typed->saving != NULL && g_str_equal (text, typed->saving->text))
    return;

  typed->saving = NULL;
  store (typed->node, typed->name, typed->is_secret || g_str_equal (text, typed->usual) ? NULL : text);
}

/**
 * kith_typed_keep_all:
 * @dialog: a dialog that is about to go, though nobody closes it
 *
 * Keeps what was typed there, for kith_typed_put_back().
 */
void
kith_typed_keep_all (GtkWindow *dialog)
{
  g_return_if_fail (GTK_IS_WINDOW (dialog));

  keep (GTK_WIDGET (dialog));
}

/**
 * kith_typed_keep:
 * @node: whose window it is
 * @name: of what is written, among all that there are
 * @text: what stands there, and is no secret
 *
 * Keeps what was typed elsewhere than in a dialog, for kith_typed_dup().
 */
void
kith_typed_keep (KithNode *node, const char *name, const char *text)
{
  g_return_if_fail (KITH_IS_NODE (node));
  g_return_if_fail (text != NULL);

  store (node, name, text);
}

/**
 * kith_typed_dup:
 * @node: whose window it is
 * @name: as kith_typed_keep() got it
 *
 * Returns: (transfer full) (nullable): what was kept, which still is; %NULL when nothing was
 */
char *
kith_typed_dup (KithNode *node, const char *name)
{
  g_return_val_if_fail (KITH_IS_NODE (node), NULL);

  return dup_stored (node, name);
}

/**
 * kith_typed_forget:
 * @node: whose window it is
 * @name: as kith_typed_watch() or kith_typed_keep() got it
 *
 * What it is about is gone, or it is not wanted any more.
 */
void
kith_typed_forget (KithNode *node, const char *name)
{
  g_return_if_fail (KITH_IS_NODE (node));

  store (node, name, NULL);
}

/**
 * kith_typed_let_go:
 * @row: (nullable): an entry row that offers emoji, before it goes; %NULL when it has gone
 *
 * In GTK 4.8 what offers them and the entry keep each other, and with them what was typed.
 */
void
kith_typed_let_go (GtkEditable *row)
{
  if (row == NULL)
    return;

  g_return_if_fail (ADW_IS_ENTRY_ROW (row));

  adw_entry_row_set_enable_emoji_completion (ADW_ENTRY_ROW (row), FALSE);
}
