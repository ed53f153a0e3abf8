/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-line.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "base/kith-secret.h"
#include "node/kith-command-line.h"
#include "ui/kith-sentence.h"

/* What begins with @name goes to that person and to nobody else: where it is not clear who is
 * meant, or what, nothing is sent before the user has said so. */

void
kith_to_do_say (KithToDo *self, const char *words)
{
  self->kind = KITH_TO_DO_SAY;
  self->body = g_strdup (words);
}

void
kith_to_do_act (KithToDo *self, const char *action, const char *argument)
{
  self->kind = KITH_TO_DO_ACT;
  self->action = action;
  self->argument = g_strdup (argument);
}

void
kith_to_do_send (KithToDo *self, KithConversation *conversation, const char *text)
{
  self->kind = KITH_TO_DO_SEND;
  self->conversation = g_object_ref (conversation);
  self->text = g_strdup (text);
}

void
kith_to_do_ask (KithToDo *self, KithConversation *conversation, const char *text, char *heading,
                const char *hint)
{
  self->kind = KITH_TO_DO_ASK;
  self->conversation = g_object_ref (conversation);
  self->text = g_strdup (text);
  self->heading = heading;
  /* Translators: a whole sentence */
  self->body = g_strdup_printf (_("Nothing was sent. %s"), hint);
}

/* --- @name ---------------------------------------------------------------------------------- */

static void
find_mention (KithToDo *self, KithNode *node, KithConversation *conversation, const KithLine *line,
              const char *text)
{
  g_autoptr (GError) error = NULL;
  KithContact *contact = kith_node_find_contact (node, line->word, &error);
  gboolean several = g_error_matches (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS);

  if (contact == NULL)
    kith_to_do_ask (self, conversation, text,
         /* Translators: what was typed as a name; the heading of a question */
         g_strdup_printf (several ? _ ("Several People Are Called “%s”")
                                  /* Translators: what was typed as a name; the heading of a question */
                                  : _ ("Nobody Is Called “%s”"),
                          line->word),
         several ? _ ("Choose one of them from the list that comes up behind the @.")
                 : _ ("A text that begins with @ and a name goes to that person alone."));
  else if (*line->rest == '\0')
    kith_to_do_say (self, _("Write the message behind the name"));
  else
    kith_to_do_send (self, kith_node_get_conversation (node, contact), line->rest);
}

/* --- /word ---------------------------------------------------------------------------------- */

static void
do_online (KithToDo *self, KithNode *node, const char *rest)
{
  kith_to_do_act (self, "win.show-people", "online");
}

static void
do_last_hour (KithToDo *self, KithNode *node, const char *rest)
{
  kith_to_do_act (self, "win.show-people", "lasthour");
}

static void
do_chat (KithToDo *self, KithNode *node, const char *rest)
{
  const char *left = rest;
  g_autofree char *quoted = *rest == '"' ? kith_line_take_word (&left) : NULL;
  g_autofree char *who
      = quoted != NULL && *left == '\0' ? g_strdup (quoted) : g_strstrip (g_strdup (rest));
  g_autoptr (GError) error = NULL;
  KithContact *contact = kith_node_find_contact (node, who, &error);

  if (contact != NULL)
    kith_to_do_act (self, "win.open", kith_contact_get_id (contact));
  else
    {
      g_autofree char *words = kith_sentence_make (_("Nobody is called “%s”"), who);

      kith_to_do_say (self,
           g_error_matches (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS) ? error->message : words);
    }
}

static void
do_broadcast (KithToDo *self, KithNode *node, const char *rest)
{
  kith_to_do_act (self, "win.message-several", rest);
}

static void
do_help (KithToDo *self, KithNode *node, const char *rest)
{
  kith_to_do_act (self, "win.words", NULL);
}

static const struct
{
  const char *word;
  void      (*run) (KithToDo *self, KithNode *node, const char *rest);
} words[] = {
  { "online", do_online },       { "lasthour", do_last_hour }, { "chat", do_chat },
  { "broadcast", do_broadcast }, { "help", do_help },
};

static void
find_command (KithToDo *self, KithNode *node, KithConversation *conversation, const KithLine *line,
              const char *text)
{
  if (kith_to_do_find_group_word (self, node, conversation, line->word, line->rest))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (line->word, words[i].word))
      {
        words[i].run (self, node, line->rest);
        return;
      }

  kith_to_do_ask (self, conversation, text,
       /* Translators: a word as “/msg”, that is known in the terminal */
       g_strdup_printf (_ ("This Window Does Not Know “/%s”"), line->word),
       _ ("“/help” lists those it knows; the other words are those of kith-cli, and here the menus do what they do. A text that begins with // is sent with one of them."));
}

/**
 * kith_to_do_get_words:
 *
 * Returns: (transfer none): what can be written into a composer beside messages, for people
 */
const char *
kith_to_do_get_words (void)
{
  return _("@name text – a private message to that person\n"
           "/chat name – open a conversation\n"
           "/online – list who is online\n"
           "/lasthour – list who was online in the last hour\n"
           "/broadcast text – send the same to several people, each in private\n"
           "/group new name @people – make a group and ask them to join\n"
           "In a group: /members, /invite @people, /approve name, /deny name, /kick name, /admin name, "
           "/whoadmin, /mentions only or all, /group rename name, /group topic text, /leave\n"
           "@@ or // – begin a text with @ or /");
}

/**
 * kith_to_do_find:
 * @self: (out caller-allocates): what to do
 * @node: who knows the people
 * @conversation: the one that is open
 * @text: what stands in its composer, not empty
 */
void
kith_to_do_find (KithToDo *self, KithNode *node, KithConversation *conversation, const char *text)
{
  g_auto (KithLine) line = { 0 };

  *self = (KithToDo){ KITH_TO_DO_SAY };
  kith_line_parse (&line, text);
  switch (line.kind)
    {
    case KITH_LINE_EMPTY:
      kith_to_do_say (self, _("There is nothing to send"));
      break;
    case KITH_LINE_TEXT:
      kith_to_do_send (self, conversation, line.rest);
      break;
    case KITH_LINE_MENTION:
      if (kith_conversation_get_group (conversation) != NULL)
        kith_to_do_find_mention (self, node, conversation, line.word, text);
      else
        find_mention (self, node, conversation, &line, text);
      break;
    case KITH_LINE_COMMAND:
      find_command (self, node, conversation, &line, text);
      break;
    }
}

/**
 * kith_to_do_clear:
 * @self: what to do
 *
 * Frees what it owns.
 */
void
kith_to_do_clear (KithToDo *self)
{
  g_clear_object (&self->conversation);
  kith_secret_free_text (self->text);
  g_free (self->argument);
  g_free (self->second);
  g_strfreev (self->people);
  g_free (self->heading);
  g_free (self->body);
  *self = (KithToDo){ KITH_TO_DO_SAY };
}
