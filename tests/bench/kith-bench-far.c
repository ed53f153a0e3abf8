/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts distance between programs of one machine: preloaded, it holds back every datagram for
 * KITH_BENCH_DELAY_MS and loses KITH_BENCH_LOSS_PERCENT of them. It knows datagrams that go through
 * sendto(), as those of OpenDHT do; TCP is not changed. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef ssize_t (*SendTo) (int, const void *, size_t, int, const struct sockaddr *, socklen_t);

typedef struct _Datagram Datagram;

struct _Datagram
{
  Datagram               *next;
  struct timespec         due;
  int                     fd;
  socklen_t               address_len;
  struct sockaddr_storage address;
  size_t                  len;
  char                    data[];
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static Datagram *head;
static Datagram **tail = &head;
static SendTo real_sendto;
static long delay_ms;
static long loss_percent;

static long
read_number (const char *name)
{
  const char *text = getenv (name);

  return text != NULL ? strtol (text, NULL, 10) : 0;
}

/* All wait equally long: the first in is the first that is due. */
static Datagram *
take_first (void)
{
  Datagram *datagram;

  pthread_mutex_lock (&mutex);
  while (head == NULL)
    pthread_cond_wait (&came, &mutex);

  datagram = head;
  head = datagram->next;
  if (head == NULL)
    tail = &head;
  pthread_mutex_unlock (&mutex);
  return datagram;
}

static void *
send_thread (void *nothing)
{
  (void) nothing;
  for (;;)
    {
      Datagram *datagram = take_first ();

      while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &datagram->due, NULL) == EINTR)
        ;
      real_sendto (datagram->fd, datagram->data, datagram->len, MSG_DONTWAIT | MSG_NOSIGNAL,
                   (struct sockaddr *) &datagram->address, datagram->address_len);
      free (datagram);
    }

  return NULL;
}

static void
begin (void)
{
  pthread_t thread;

  *(void **) &real_sendto = dlsym (RTLD_NEXT, "sendto");
  delay_ms = read_number ("KITH_BENCH_DELAY_MS");
  loss_percent = read_number ("KITH_BENCH_LOSS_PERCENT");
  srandom ((unsigned) getpid ());
  if (delay_ms > 0 && pthread_create (&thread, NULL, send_thread, NULL) == 0)
    pthread_detach (thread);
  else
    delay_ms = 0;
}

static void
hold_back (int fd, const void *data, size_t len, const struct sockaddr *address, socklen_t address_len)
{
  Datagram *datagram = malloc (sizeof *datagram + len);

  if (datagram == NULL)
    return;

  datagram->next = NULL;
  datagram->fd = fd;
  datagram->len = len;
  datagram->address_len = address_len;
  memcpy (&datagram->address, address, address_len);
  memcpy (datagram->data, data, len);
  clock_gettime (CLOCK_MONOTONIC, &datagram->due);
  datagram->due.tv_sec += delay_ms / 1000;
  datagram->due.tv_nsec += delay_ms % 1000 * 1000000;
  if (datagram->due.tv_nsec >= 1000000000)
    {
      datagram->due.tv_sec++;
      datagram->due.tv_nsec -= 1000000000;
    }

  pthread_mutex_lock (&mutex);
  *tail = datagram;
  tail = &datagram->next;
  pthread_cond_signal (&came);
  pthread_mutex_unlock (&mutex);
}

__attribute__ ((visibility ("default"))) ssize_t
sendto (int fd, const void *data, size_t len, int flags, const struct sockaddr *address, socklen_t address_len)
{
  pthread_once (&once, begin);
  if (address == NULL || address_len > sizeof (struct sockaddr_storage)
      || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
    return real_sendto (fd, data, len, flags, address, address_len);

  if (random () % 100 < loss_percent)
    return (ssize_t) len;
  if (delay_ms == 0)
    return real_sendto (fd, data, len, flags, address, address_len);

  hold_back (fd, data, len, address, address_len);
  return (ssize_t) len;
}
