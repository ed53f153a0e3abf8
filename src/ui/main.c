/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "base/kith-init.h"
#include "ui/kith-application.h"
#include "ui/kith-traceless.h"

/* In the words of the user's language, where there is a translation. */
static void
init_language (void)
{
  /* For tests and for who runs it from the build folder: its po/. */
  const char *folder = g_getenv ("KITH_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : KITH_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

int
main (int argc, char *argv[])
{
  g_autoptr (KithApplication) application = NULL;
  gboolean is_ready = kith_init ();
  int status;

  init_language ();
  if (!is_ready)
    {
      g_printerr ("%s\n", _("This system has no source of randomness, so nothing would be secret."));
      return 1;
    }

  application = kith_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  kith_traceless_end ();

  return status;
}
