/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-group-acts.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kith-member-chooser.h"
#include "ui/kith-question.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

GtkWindow *
kith_group_acts_find_main (GtkWindow *window)
{
  while (gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);

  return window;
}

void
kith_group_acts_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWindow) window = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_group_finish (KITH_NODE (source), result, &error))
    kith_toast_say_error (GTK_WIDGET (window), error);
}

/* --- Questions ------------------------------------------------------------------------------ */

/* What was asked about; it is all still there when the answer comes, but may be of no use then: the
 * node says so. */
typedef struct _Question Question;

struct _Question
{
  GtkWindow *window;  /* (owned) the main one */
  KithNode *node;     /* (owned) */
  KithGroup *group;   /* (owned) */
  KithMember *member; /* (owned) (nullable) */
  void (*yes) (Question *question);
};

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_clear_object (&question->window);
  g_clear_object (&question->node);
  g_clear_object (&question->group);
  g_clear_object (&question->member);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, "yes"))
    question->yes (question);
}

/* @destructive: whether "yes" takes something away */
static AdwMessageDialog *
ask (GtkWindow *parent, KithNode *node, KithGroup *group, KithMember *member,
     void (*yes) (Question *question), const char *heading, const char *body, const char *label,
     gboolean destructive)
{
  AdwMessageDialog *dialog
      = kith_question_new (GTK_WIDGET (parent), heading, body, "yes", label,
                           destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  Question *question = g_new0 (Question, 1);

  question->window = g_object_ref (kith_group_acts_find_main (parent));
  question->node = g_object_ref (node);
  question->group = g_object_ref (group);
  g_set_object (&question->member, member);
  question->yes = yes;

  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));

  return dialog;
}

/* --- Getting out ---------------------------------------------------------------------------- */

static void
leave (Question *question)
{
  kith_node_leave_group_async (question->node, question->group, NULL, kith_group_acts_done_cb,
                               g_object_ref (question->window));
}

/* Who decides cannot just go: nobody could let people in or out then. */
static void
refuse_to_leave (GtkWindow *parent)
{
  GtkWidget *dialog = adw_message_dialog_new (
      parent, _("Make Somebody Else Admin First"),
      _("You are the admin of this group. Without one nobody can be let in or removed, and nothing can "
        "be changed. Choose who follows you under “Members” in the group’s details; once they have "
        "accepted, you can leave."));

  /* Translators: a button: a group, or the window */
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kith_group_acts_leave (GtkWindow *parent, KithNode *node, KithGroup *group)
{
  /* Translators: the name of a group */
  g_autofree char *heading = kith_sentence_make (_("Leave “%s”?"), kith_group_get_name (group));
  const char *body;

  if (kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING)
    {
      ask (parent, node, group, NULL, leave, _("Take Back Your Request?"),
           _("You will not be let in. You can ask again later."), _("_Take Back"), TRUE);
      return;
    }

  if (kith_group_is_admin (group) && kith_group_get_n_members (group) > 1)
    {
      refuse_to_leave (parent);
      return;
    }

  if (kith_group_get_n_members (group) <= 1)
    body = _("Nobody else is in it. What was written stays here until you delete it, but nobody can join "
             "anymore.");
  else
    body = _("The others see that you have left, and nothing that they write from then on reaches you. "
             "What was written until then stays here until you delete it, and the others keep what you "
             "wrote. To come back you have to be invited again.");
  /* Translators: a button: a group */
  ask (parent, node, group, NULL, leave, heading, body, _("_Leave"), TRUE);
}

static void
delete_it (Question *question)
{
  kith_node_delete_group_async (question->node, question->group, NULL, kith_group_acts_done_cb,
                                g_object_ref (question->window));
}

void
kith_group_acts_delete (GtkWindow *parent, KithNode *node, KithGroup *group)
{
  /* Translators: the name of a group */
  g_autofree char *heading = kith_sentence_make (_("Delete “%s”?"), kith_group_get_name (group));

  ask (parent, node, group, NULL, delete_it, heading,
       _("All that was written in it is deleted on this computer. The others keep their own. This cannot "
         "be undone."),
       _("_Delete"), TRUE);
}

/* --- What the admin does -------------------------------------------------------------------- */

static void
kick (Question *question)
{
  kith_node_kick_async (question->node, question->group, question->member, NULL,
                        kith_group_acts_done_cb, g_object_ref (question->window));
}

void
kith_group_acts_kick (GtkWindow *parent, KithNode *node, KithGroup *group, KithMember *member)
{
  /* Translators: the name of a person, or of a member of a group */
  g_autofree char *heading = kith_sentence_make (_("Remove %s?"), kith_member_get_name (member));

  ask (parent, node, group, member, kick, heading,
       _("Nothing that is written from now on reaches them, and nothing of theirs is shown. What they have "
         "read stays with them. All members see that you removed them."),
       /* Translators: a button: a person */
       _("_Remove"), TRUE);
}

static void
make_admin (Question *question)
{
  kith_node_transfer_admin_async (question->node, question->group, question->member, NULL,
                                  kith_group_acts_done_cb, g_object_ref (question->window));
}

void
kith_group_acts_make_admin (GtkWindow *parent, KithNode *node, KithGroup *group, KithMember *member)
{
  /* Translators: the name of a member of a group */
  g_autofree char *heading = kith_sentence_make (_("Make %s the Admin?"), kith_member_get_name (member));

  ask (parent, node, group, member, make_admin, heading,
       _("They are asked first, and you stay the admin until they accept. From then on only they let "
         "people in, remove them, or change the group. Only they can make you admin again."),
       _("_Ask Them"), FALSE);
}

void
kith_group_acts_approve (GtkWindow *parent, KithNode *node, KithGroup *group, KithJoinRequest *request)
{
  kith_node_approve_async (node, group, request, NULL, kith_group_acts_done_cb,
                           g_object_ref (kith_group_acts_find_main (parent)));
}

void
kith_group_acts_deny (GtkWindow *parent, KithNode *node, KithGroup *group, KithJoinRequest *request)
{
  kith_node_deny_async (node, group, request, NULL, kith_group_acts_done_cb,
                           g_object_ref (kith_group_acts_find_main (parent)));
}

/* --- Who follows the admin ------------------------------------------------------------------ */

static void
accept_admin (Question *question)
{
  kith_node_answer_transfer_async (question->node, question->group, TRUE, NULL,
                                   kith_group_acts_done_cb, g_object_ref (question->window));
}

void
kith_group_acts_answer_admin (GtkWindow *parent, KithNode *node, KithGroup *group, gboolean accept)
{
  if (accept)
    ask (parent, node, group, NULL, accept_admin, _("Become the Admin?"),
         _("You alone will let people in, remove them and change the group. Members rely on seeing you "
           "now and then."),
         _("_Become Admin"), FALSE);
  else
    kith_node_answer_transfer_async (node, group, FALSE, NULL, kith_group_acts_done_cb,
                                     g_object_ref (kith_group_acts_find_main (parent)));
}

static void
claim (Question *question)
{
  kith_node_claim_admin_async (question->node, question->group, NULL, kith_group_acts_done_cb,
                               g_object_ref (question->window));
}

void
kith_group_acts_claim (GtkWindow *parent, KithNode *node, KithGroup *group)
{
  ask (parent, node, group, NULL, claim, _("Become the Admin?"),
       _("Enough members have chosen you. You alone will let people in, remove them and change the group. "
         "The earlier admin stays a member."),
       _("_Become Admin"), FALSE);
}

static void
endorse (Question *question)
{
  kith_node_endorse_async (question->node, question->group, question->member, NULL,
                           kith_group_acts_done_cb, g_object_ref (question->window));
}

void
kith_group_acts_endorse (GtkWindow *parent, KithNode *node, KithGroup *group, KithMember *member)
{
  g_autofree char *heading = NULL;

  if (kith_member_is_self (member))
    heading = g_strdup (_("Propose Yourself as Admin?"));
  else
    /* Translators: the name of a member of a group */
    heading = kith_sentence_make (_("Propose %s as Admin?"), kith_member_get_name (member));
  ask (parent, node, group, member, endorse, heading,
       _("When enough members propose the same person, that person can take over from the admin who is "
         "gone. You can do this once, and cannot take it back."),
       /* Translators: a button: somebody as admin */
       _("_Propose"), FALSE);
}

/* --- Choosing one --------------------------------------------------------------------------- */

typedef struct
{
  GtkWindow *parent; /* (owned) */
  KithNode *node;    /* (owned) */
  KithGroup *group;  /* (owned) */
} Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_clear_object (&choice->parent);
  g_clear_object (&choice->node);
  g_clear_object (&choice->group);
  g_free (choice);
}

static void
chosen_cb (GtkWidget *chooser, KithMember *member, Choice *choice)
{
  GtkWindow *dialog = GTK_WINDOW (gtk_widget_get_root (chooser));

  kith_group_acts_endorse (choice->parent, choice->node, choice->group, member);
  gtk_window_close (dialog);
}

void
kith_group_acts_propose (GtkWindow *parent, KithNode *node, KithGroup *group)
{
  GtkWidget *dialog = adw_message_dialog_new (
      parent, _("Who Should Become Admin?"),
      _("When enough members propose the same person, that person can take over."));
  GtkWidget *chooser = kith_member_chooser_new (group);
  Choice *choice = g_new0 (Choice, 1);

  choice->parent = g_object_ref (parent);
  choice->node = g_object_ref (node);
  choice->group = g_object_ref (group);
  g_signal_connect_data (chooser, "chosen", G_CALLBACK (chosen_cb), choice, choice_free, 0);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), chooser);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"));
  gtk_window_present (GTK_WINDOW (dialog));
}
