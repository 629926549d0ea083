#!/usr/bin/perl
#
# badvenue HOW VERB [LOG]: a venue program that misbehaves in the way HOW once
# it is asked VERB; else it answers well.  Each place that it reads is a line
# in LOG, and its process id goes to LOG.pid.

use strict;
use warnings;

my ($how, $when, $log) = @ARGV;
my $candle = '{"start":"%s","open":"2","high":"3","low":"%s","close":"2",'
    . '"volume":"0"}';
my $order = '"order":{"order_id":"%s","product_id":"BTC-USD","side":"BUY",'
    . '"status":"OPEN","filled_size":"0","filled_value":"0",'
    . '"total_fees":"0","settled":false,'
    . '"created_at":"2026-01-01T00:00:00Z"}';
my %good = (
	hello => '"name":"bad","account":"acc","can_trade":true',
	price => '"price":"100.5"',
	cancel => '"done":true',
	balances => '"balances":[{"currency":"USD","available":"1",'
	    . '"hold":"0"}],"cursor":""',
	place => '"outcome":"accepted","order_id":"o1"',
	products => '"products":[],"cursor":""',
	orders_since => '"orders":[],"cursor":""',
	fills_since => '"fills":[],"cursor":""',
	candles => '"candles":[]',
	preview => '"base_size":"1","value":"100","fee":"1","total":"101"',
	order => sprintf($order, 'o1'),
);

sub candles {
	return '"candles":[' . join(',', map { sprintf($candle, @$_) } @_)
	    . ']';
}

# What it was started with.
sub report {
	my @fds = grep { -e "/proc/self/fd/$_" } map { s/.*\///r }
	    glob('/proc/self/fd/*');
	return join(',', sort { $a <=> $b } @fds) . ' '
	    . join(',', sort keys %ENV)
	    . (getpgrp() == $$ ? ' own' : ' shared');
}

sub answer {
	my ($id, $members) = @_;
	return "{\"id\":$id,\"ok\":true,$members}\n";
}

sub refusal {
	my ($id, $error, $message) = @_;
	return "{\"id\":$id,\"ok\":false,\"error\":\"$error\","
	    . "\"message\":\"$message\",\"retry_after_ms\":1500}\n";
}

my %bad = (
	die => sub { exit 3 },
	hang => sub { sleep 60 },
	close => sub { close STDOUT; sleep 60 },
	'hang-to-the-end' => sub { 1 while <STDIN>; exit 0 },
	late => sub { select(undef, undef, undef, 1.5); print answer($_[0], $good{$when}) },
	nonsense => sub { print "Traceback (most recent call last):\n" },
	'nonsense-and-hang' => sub { print "{\"id\":\n"; sleep 60 },
	'wrong-id' => sub { print answer($_[0] + 1, $good{$when}) },
	huge => sub { print 'x' x 2000000, "\n" },
	half => sub { print substr(answer($_[0], $good{$when}), 0, 20); exit 0 },
	twice => sub { print answer($_[0], $good{$when}) x 2 },
	'slow-bytes' => sub { print foreach split //, answer($_[0], $good{$when}) },
	busy => sub { print refusal($_[0], 'busy', 'later') },
	report => sub { print refusal($_[0], 'venue', report()) },
	circle => sub {
		print answer($_[0], $good{$when} =~ s/"cursor":""/"cursor":"c7"/r);
	},
	'other-order' => sub { print answer($_[0], sprintf($order, 'o2')) },
	outside => sub {
		print answer($_[0], candles([ '2026-01-02T00:00:00Z', '1' ]));
	},
	disorder => sub {
		print answer($_[0], candles([ '2026-01-01T00:05:00Z', '1' ],
		    [ '2026-01-01T00:00:00Z', '1' ]));
	},
	'bad-candle' => sub {
		print answer($_[0], candles([ '2026-01-01T00:00:00Z', '5' ]));
	},
);

$| = 1;
exit 3 if $how eq 'die-at-start';
sleep 60 if $how eq 'deaf';
while (my $line = <STDIN>) {
	my ($id) = $line =~ /"id":(\d+)/;
	my ($verb) = $line =~ /"verb":"(\w+)"/;

	if ($verb eq 'place' && defined $log) {
		open(my $f, '>>', $log);
		print $f $line;
		open($f, '>', "$log.pid");
		print $f $$;
	}
	if ($verb eq $when && exists $bad{$how}) {
		$bad{$how}->($id);
	} else {
		print answer($id, $good{$verb});
	}
}
