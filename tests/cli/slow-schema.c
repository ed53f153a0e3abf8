/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries. With KITH_TEST_OLD_SCHEMA the last step of the schema is taken back where it is
 * done, so that a profile is as the version before has left it: that step only adds an index (who writes the next one changes
 * what stands here). As long as the file
 * KITH_TEST_SLOW_SCHEMA is there, it takes its time. */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#define LOOK_US 5000
#define LAST_STEP "PRAGMA user_version = 8"
#define TAKEN_BACK "ROLLBACK; BEGIN IMMEDIATE; PRAGMA user_version = 7"

__attribute__ ((visibility ("default"))) int
sqlite3_exec (sqlite3 *database, const char *sql, int (*callback) (void *, int, char **, char **), void *data,
              char **message)
{
  int (*next) (sqlite3 *, const char *, int (*) (void *, int, char **, char **), void *, char **);
  const char *path = getenv ("KITH_TEST_SLOW_SCHEMA");
  int is_last = strcmp (sql, LAST_STEP) == 0;

  while (is_last && path != NULL && access (path, F_OK) == 0)
    usleep (LOOK_US);

  *(void **) &next = dlsym (RTLD_NEXT, "sqlite3_exec");
  return next (database, is_last && getenv ("KITH_TEST_OLD_SCHEMA") != NULL ? TAKEN_BACK : sql, callback, data, message);
}
