import type { Random } from '../../../src/core/numerics/random';
import { type Expression, expression, level, type Piece, pieces, slot, token } from './pieces';

/**
 * `smooth`: a loss of numbers in syntax that the dual interpreter knows, and that has a generated adjoint in part. `rich`: all
 * of the language; it logs what it does, so that every change in the order of effects is seen.
 */
export type Style = 'smooth' | 'rich';

/** The pieces of `function NAME(p, log) { … }`. Programs end, use names that exist, and mostly return a number. */
export function randomProgram(name: string, style: Style, random: Random): Piece[] {
  return new Writer(style, random).program(name);
}

type Make = () => Expression;

class Writer {
  readonly #random: Random;
  readonly #isRich: boolean;
  /** Names of numbers that can be read, and those that can be assigned. */
  #numbers: string[] = [];
  #variables: string[] = [];
  #counters: string[] = [];
  #count = 0;
  #mayYield = false;
  #isInLoop = false;
  /** Loops inside of loops run shorter. */
  #loops = 0;

  constructor(style: Style, random: Random) {
    this.#random = random;
    this.#isRich = style === 'rich';
  }

  program(name: string): Piece[] {
    this.#numbers = ['m', 'n', 'k'];
    this.#variables = ['m', 'n'];
    const head = this.#isRich ? this.#richHead() : [];
    const body = this.#statements(3, 2);
    const result = slot(this.#result(), level.comma);
    return pieces`function ${name} ( p ‹ : any › , log ‹ ? : any › ) ‹ : any › {
      let m ‹ : any › = p [ 0 ] , n ‹ : number › = p [ 1 ] ;; const k = 0.75 , a ‹ : any › = [ 1 , p [ 0 ] , -2 ] ;;
      const q ‹ : any › = { x : p [ 1 ] , y : 0.5 , z : { x : p [ 0 ] } } ;; ${head} ${body} return ~ ${result} ;; }`;
  }

  #richHead(): Piece[] {
    this.#numbers.push('s', 'u');
    this.#variables.push('s', 'u', 't');
    return pieces`let s ‹ : any › = "7" , u ‹ : any › , t ‹ : any › = true , fuel = 40 , busy = 0 ;;
      const f ‹ : any › = ( x ‹ ? : any › , y ‹ ? : any › ) ‹ : any › ~ => { log ( "f" , x , y ) ;; return ~ y === undefined ? x : y } ;;
      const o ‹ : any › = { x : 1 , y : p [ 0 ] , get g ( ) { if ( ! busy ~ ++ ) { f ( q ) . y += 0.5 ;; f ( q ) . y ~ ++ } busy ~ -- ;; return ~ n } , set g ( v ‹ : any › ) { if ( ! busy ~ ++ ) log ( "set" , v , q . y ~ ++ , f ( q ) . x ~ -- ) ;; busy ~ -- ;; n = v } } ;;
      const tag ‹ : any › = ( h ‹ : any › , ... r ‹ : any [] › ) ~ => h . raw . length + r . length ;;`;
  }

  #result(): Expression {
    if (!this.#isRich) return this.#number(3);
    const parts = ['m', 'n', 'q . x', 'q . y', 'a [ 1 ]', 'q . z . x', 'o . y'].map(
      (each) => pieces`${each}`,
    );
    const log = expression(level.call)`log ( s , u , t , a , o . x , q )`;
    const sum = parts.reduce<Piece[]>(
      (all, each) => (all.length === 0 ? each : pieces`${all} + ${each}`),
      [],
    );
    return expression(
      level.comma,
    )`${slot(log, level.assignment)} , ${slot(this.#number(2), level.assignment)} , ${sum}`;
  }

  #is(chance: number): boolean {
    return this.#random() < chance;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** Pieces written while more names are known, which are forgotten afterwards. */
  #within<T>(add: { numbers?: string[]; variables?: string[]; counters?: string[] }, write: () => T): T {
    const [numbers, variables, counters] = [this.#numbers, this.#variables, this.#counters];
    this.#numbers = [...numbers, ...(add.numbers ?? [])];
    this.#variables = [...variables, ...(add.variables ?? [])];
    this.#counters = [...counters, ...(add.counters ?? [])];
    const written = write();
    [this.#numbers, this.#variables, this.#counters] = [numbers, variables, counters];
    return written;
  }

  /** The same in the body of another function. */
  #inFunction<T>(mayYield: boolean, add: { numbers?: string[]; variables?: string[] }, write: () => T): T {
    const before = [this.#mayYield, this.#isInLoop] as const;
    [this.#mayYield, this.#isInLoop] = [mayYield, false];
    const written = this.#within(add, write);
    [this.#mayYield, this.#isInLoop] = before;
    return written;
  }

  #statements(most: number, depth: number): Piece[] {
    return this.#within({}, () => {
      const list: Piece[] = [];
      for (let i = 1 + this.#below(most); i > 0; i--) list.push(...this.#statement(depth));
      return list;
    });
  }

  #block(depth: number): Piece[] {
    return this.#is(0.6) ? pieces`{ ${this.#statements(3, depth - 1)} }` : pieces`${this.#simple()} ;;`;
  }

  #statement(depth: number): Piece[] {
    if (depth <= 0 || this.#is(0.4)) return pieces`${this.#simple()} ;;`;
    const test = () => slot(this.#test(2), level.comma);
    const value = () => slot(this.#number(2), level.assignment);
    const common: (() => Piece[])[] = [
      () => pieces`if ( ${test()} ) ${this.#block(depth)} else ${this.#block(depth)}`,
      () => pieces`if ( ${test()} ) ${this.#block(depth)}`,
      () => this.#loop(depth),
      () => this.#declaration(),
      () => this.#helper(depth),
      () =>
        pieces`switch ( ${slot(this.#counted(), level.comma)} ) { case 0 : ${this.#statements(2, depth - 1)} case 1 : ${this.#simple()} ;; break ;; default : ${this.#simple()} ;; }`,
      () => {
        const label = this.#name('l');
        return pieces`${label} : { ${this.#statements(2, depth - 1)} if ( ${test()} ) break ~ ${label} ;; ${this.#simple()} ;; }`;
      },
    ];
    const rich: (() => Piece[])[] = [
      () =>
        pieces`try { ${this.#statements(2, depth - 1)} if ( ${test()} ) throw ~ f ( ${value()} ) ;; } catch ( error ) { log ( error instanceof TypeError ? "TypeError" : error ) ;; } finally { ${this.#simple()} ;; }`,
      () => {
        const name = this.#name('g');
        const body = this.#inFunction(
          true,
          {},
          () => pieces`${this.#statements(2, depth - 1)} return ~ ${slot(this.#number(2), level.comma)} ;;`,
        );
        return pieces`const ${name} = function * ( ) ‹ : any › { ${body} } ;; for ( const y of ${name} ( ) ) log ( "y" , y ) ;;`;
      },
      () => this.#class(depth),
      () => this.#subclass(),
      () =>
        pieces`do ${this.#block(depth)} while ( fuel ~ -- > 0 && ${slot(this.#test(1), level.bitOr)} ) ;;`,
      () => pieces`while ( fuel ~ -- > 0 && ${slot(this.#test(1), level.bitOr)} ) ${this.#block(depth)}`,
      () =>
        pieces`switch ( ${slot(this.#any(2), level.comma)} ) { case ${slot(this.#any(2), level.comma)} : ${this.#simple()} ;; default : { ${this.#statements(2, depth - 1)} } case "x" : ${this.#simple()} ;; }`,
      () => {
        const x = this.#name('x');
        return pieces`for ( const ${x} in q ) log ( ${x} , q [ ${x} ] ) ;;`;
      },
      () => {
        const name = this.#name('h');
        const body = this.#inFunction(false, { numbers: ['x'] }, () =>
          slot(this.#number(2), level.assignment),
        );
        return pieces`const ${name} ‹ : any › = async ~ ( x ‹ : any › ) ~ => ${body} ;; ${name} ( ${value()} ) . catch ( ( ) ~ => 0 ) ;;`;
      },
    ];
    return this.#one(this.#isRich ? [...common, ...rich] : common)();
  }

  #declaration(): Piece[] {
    const name = this.#name('v');
    const written = pieces`${this.#one(['let', 'let', 'var'])} ${name} ‹ : any › = ${slot(this.#number(2), level.assignment)} ;;`;
    this.#numbers = [...this.#numbers, name];
    this.#variables = [...this.#variables, name];
    return written;
  }

  #loop(depth: number): Piece[] {
    const i = this.#name('i');
    const times = String(this.#loops > 0 ? 2 : 1 + this.#below(4));
    const body = (add: { numbers?: string[]; counters?: string[] }) => {
      const before = this.#isInLoop;
      this.#isInLoop = true;
      this.#loops++;
      const written = this.#within(add, () => pieces`{ ${this.#statements(3, depth - 1)} }`);
      this.#loops--;
      this.#isInLoop = before;
      return written;
    };
    const counted = () => body({ counters: [i] });
    return this.#one([
      () => pieces`for ( let ${i} = 0 ; ${i} < ${times} ; ${i} ~ ++ ) ${counted()}`,
      () => pieces`for ( let ${i} = ${times} ; ${i} > 0 ; -- ${i} ) ${counted()}`,
      () => pieces`for ( let ${i} = 0 ; ${i} < a . length ; ${i} += 2 ) ${counted()}`,
      () => pieces`let ${i} = 0 ;; while ( ${i} ~ ++ < ${times} ) ${counted()}`,
      () => pieces`let ${i} = 0 ;; do { ${i} += 1 ;; ${counted()} } while ( ${i} < ${times} ) ;;`,
      () => {
        const x = this.#name('x');
        return pieces`for ( const ${x} of [ ${slot(this.#number(1), level.assignment)} , n ] ) ${body({ numbers: [x] })}`;
      },
      () => {
        const label = this.#name('l');
        const j = this.#name('j');
        const inner = this.#within({ counters: [i, j] }, () => this.#statements(2, depth - 2));
        return pieces`${label} : for ( let ${i} = 0 ; ${i} < 2 ; ${i} ~ ++ ) { for ( let ${j} = 0 ; ${j} < 2 ; ${j} ~ ++ ) { if ( ${j} > ${i} ) continue ~ ${label} ;; ${inner} } }`;
      },
    ])();
  }

  #helper(depth: number): Piece[] {
    const name = this.#name('f');
    const returned = () => slot(this.#number(2), level.assignment);
    const body = this.#inFunction(false, { numbers: ['x', 'y'], variables: ['y'] }, () =>
      this.#is(0.5)
        ? null
        : pieces`{ ${this.#statements(2, depth - 1)} return ~ ${slot(this.#number(2), level.comma)} ;; }`,
    );
    const concise = this.#inFunction(false, { numbers: ['x', 'y'], variables: ['y'] }, returned);
    const call = pieces`${name} ( ${slot(this.#number(2), level.assignment)} , ${slot(this.#number(1), level.assignment)} )`;
    const made = this.#is(0.3)
      ? pieces`function ${name} ( x ‹ : any › , y ‹ : any › ) ‹ : any › ${body ?? pieces`{ return ~ ${concise} }`}`
      : pieces`const ${name} = ( x ‹ : any › , y ‹ : any › ) ‹ : any › ~ => ${body ?? concise} ;;`;
    return pieces`${made} m = Math . tanh ( ${call} ) ;;`;
  }

  #class(depth: number): Piece[] {
    const name = this.#name('C');
    const n = () => this.#field(2);
    const method = this.#inFunction(
      false,
      {},
      () =>
        pieces`${this.#statements(2, depth - 1)} this . #b ${this.#compound()} ${n()} ;; this . c ~ ++ ;; this . a . x ${this.#compound()} this . #b ;; return ~ - this . #b ~ -- * this . d ;;`,
    );
    return pieces`class ${name} { a ‹ : any › = { x : ${n()} } ;; #b = ${n()} ;; static e = ${n()} ;; static get f ( ) { return ~ this . e ~ ++ } get c ( ) { return ~ this . #b } set c ( v ‹ : any › ) { this . #b = v * 0.5 ;; log ( "c" , v ) ;; } [ "d" ] = ${n()} ;; * g ( ) { yield ~ this . a . x ;; } m ( ) ‹ : any › { ${method} } static { this . e ${this.#compound()} ${n()} ;; } }
      log ( new ${name} ( ) . m ( ) , ( new ${name} ) . a , ${name} . f , [ ... new ${name} ( ) . g ( ) ] ) ;;`;
  }

  #subclass(): Piece[] {
    const [base, name] = [this.#name('B'), this.#name('C')];
    const n = () => this.#field(1);
    return pieces`class ${base} { x ‹ : any › = ${n()} ;; constructor ( y ‹ : any › ) { this . x ${this.#compound()} y ;; } get y ( ) { return ~ this . x } some ( ) ‹ : any › { return ~ this . x * ${this.#field(1, level.power)} } }
      class ${name} extends ( [ ${base} ] [ 0 ] ) { some ( ) ‹ : any › { return ~ - super . some ( ) * super . y } ; [ "z" ] ( ) { return ~ super [ "some" ] ( ) / 2 } }
      { const c ‹ : any › = new ( [ ${name} ] [ 0 ] ) ( ${n()} ) ;; log ( c . some ( ) , c ?. z ?. ( ) , c . none ?. ( ) , c . some ?. ( ) , new c . constructor ( 2 ) . x , c instanceof ${base} ) ;; }`;
  }

  #compound(): string {
    return this.#one(['+=', '-=', '*=', '/=']);
  }

  /** A statement of one expression. */
  #simple(): Piece[] {
    const common: Make[] = [
      () => this.#assignment(3),
      () => this.#assignment(3),
      () => this.#assignment(2),
      () => this.#update(),
      () =>
        expression(level.assignment)`a [ ${this.#index()} ] = ${slot(this.#bounded(2), level.assignment)}`,
      () => expression(level.assignment)`[ m , n ] = [ n , m ]`,
    ];
    if (this.#isInLoop && this.#is(0.06))
      return pieces`if ( ${slot(this.#test(1), level.comma)} ) ${this.#one(['continue', 'break'])}`;
    const rich: Make[] = [
      () => expression(level.call)`log ( ${slot(this.#any(3), level.assignment)} )`,
      () =>
        expression(
          level.and,
        )`${slot(this.#any(2), level.and)} && ${slot(expression(level.call)`log ( "and" )`, level.bitOr)}`,
      () =>
        expression(
          level.or,
        )`${slot(this.#any(2), level.or)} || ${slot(expression(level.call)`log ( "or" )`, level.and)}`,
      () => expression(level.assignment)`{ x : n = 4 , y : a [ 2 ] , ... u } = q`,
      () =>
        expression(
          level.assignment,
        )`[ a [ 0 ] , ( o . x ) , u = ${slot(this.#number(1), level.assignment)} ] = [ a [ 1 ] , m ]`,
      () => expression(level.unary)`delete ${this.#one(['o . nothing', 'q [ "nothing" ]', 'o ?. z'])}`,
      () => this.#any(3),
    ];
    const made = this.#one(this.#isRich ? [...common, ...rich] : common)();
    return pieces`${slot(made, level.comma)}`;
  }

  #assignment(depth: number): Expression {
    const right = slot(this.#number(depth), level.assignment);
    const operators = this.#isRich
      ? [
          '=',
          '+=',
          '-=',
          '*=',
          '/=',
          '%=',
          '**=',
          '|=',
          '&=',
          '^=',
          '<<=',
          '>>=',
          '>>>=',
          '||=',
          '&&=',
          '??=',
        ]
      : ['=', '+=', '-=', '*=', '+=', '*='];
    const operator = this.#is(0.7) ? this.#one(operators.slice(0, 5)) : this.#one(operators);
    // Values stay small, so that few of them overflow.
    const isGrowing = operator === '*=' || operator === '/=' || operator === '**=';
    const limited = () => slot(this.#is(0.5) ? this.#leaf() : this.#bounded(depth - 1), level.product);
    const bounded = this.#is(0.5)
      ? slot(expression(level.sum)`${limited()} ${this.#one(['+', '-'])} ${limited()}`, level.assignment)
      : isGrowing || this.#is(0.3)
        ? slot(this.#bounded(depth), level.assignment)
        : right;
    return expression(level.assignment)`${slot(this.#target(depth), level.update)} ${operator} ${bounded}`;
  }

  #target(depth: number): Expression {
    const common: Make[] = [
      () => expression(level.primary)`${this.#one(this.#variables)}`,
      () => expression(level.primary)`${this.#one(this.#variables)}`,
      () => expression(level.call)`q . ${this.#one(['x', 'y'])}`,
      () => expression(level.call)`q . z . x`,
      () => expression(level.call)`a [ ${this.#index()} ]`,
    ];
    const rich: Make[] = [
      () => expression(level.call)`o . ${this.#one(['x', 'y', 'g'])}`,
      () => expression(level.call)`f ( ${this.#one(['o', 'q'])} ) . ${this.#one(['x', 'y'])}`,
      () => expression(level.call)`f ( o ) . g`,
      () => expression(level.call)`${this.#one(['f ( a )', 'a'])} [ f ( ${this.#index()} ) ]`,
      () => expression(level.call)`q [ ${this.#one(['"x"', 'f ( "y" )'])} ]`,
      () => expression(level.call)`{ w : ${slot(this.#number(1), level.assignment)} } . w`,
      () => expression(level.call)`${slot(this.#object(depth), level.call)} . x`,
    ];
    return this.#one(this.#isRich ? [...common, ...common, ...rich] : common)();
  }

  #object(depth: number): Expression {
    return this.#one<Make>([
      () => expression(level.call)`f ( q , o )`,
      () => expression(level.primary)`q`,
      () => expression(level.comma)`${slot(this.#number(Math.min(1, depth)), level.assignment)} , o`,
      () => expression(level.conditional)`${slot(this.#test(1), level.coalesce)} ? q : o`,
    ])();
  }

  #update(): Expression {
    const target = slot(this.#target(1), level.call);
    const operator = this.#one(['++', '--']);
    return this.#is(0.5)
      ? expression(level.update)`${target} ~ ${operator}`
      : expression(level.unary)`${operator} ${target}`;
  }

  /** A whole number from 0 to 2. */
  #index(): Piece[] {
    if (this.#counters.length === 0 || this.#is(0.4)) return pieces`${String(this.#below(3))}`;
    return pieces`${this.#one(this.#counters)} % ${this.#one(['2', '3'])}`;
  }

  #counted(): Expression {
    return this.#counters.length > 0
      ? expression(level.product)`${this.#one(this.#counters)} % 3`
      : expression(level.primary)`${String(this.#below(3))}`;
  }

  #test(depth: number): Expression {
    const n = (least: number) => slot(this.#number(Math.max(0, depth)), least);
    const t = (least: number) => slot(this.#test(depth - 1), least);
    const compared = () =>
      expression(level.relation)`${n(level.relation)} ${this.#one(['<', '>', '<=', '>='])} ${n(level.shift)}`;
    if (depth <= 0) return compared();
    const common: Make[] = [
      compared,
      compared,
      () => expression(level.and)`${t(level.and)} && ${t(level.bitOr)}`,
      () => expression(level.or)`${t(level.or)} || ${t(level.and)}`,
      () => expression(level.unary)`! ${t(level.unary)}`,
    ];
    const rich: Make[] = [
      () =>
        expression(
          level.equality,
        )`${n(level.equality)} ${this.#one(['===', '!==', '==', '!='])} ${n(level.relation)}`,
      () => expression(level.relation)`${slot(this.#any(1), level.relation)} instanceof Object`,
      () => expression(level.relation)`"x" in q`,
      () => expression(level.equality)`typeof ${slot(this.#any(1), level.unary)} === "number"`,
      () => this.#any(depth - 1),
    ];
    return this.#one(this.#isRich ? [...common, ...rich] : common)();
  }

  /** A number between about −2 and 2. */
  #bounded(depth: number): Expression {
    const name = this.#one(['sin', 'cos', 'tanh', 'atan']);
    return expression(
      level.call,
    )`Math . ${name} ( ${slot(this.#number(Math.max(0, depth - 1)), level.assignment)} )`;
  }

  #leaf(): Expression {
    if (this.#is(0.55)) return expression(level.primary)`${this.#one(this.#numbers)}`;
    const made = this.#one([
      '0.5',
      '2',
      '.25',
      'p [ 0 ]',
      'p [ 1 ]',
      'q . x',
      'q . z . x',
      `a [ ${this.#below(3)} ]`,
      ...(this.#counters.length > 0 ? [this.#one(this.#counters)] : []),
    ]);
    return expression(/[.[] /.test(made) ? level.call : level.primary)`${made}`;
  }

  /** An expression that is a number, mostly. */
  #number(depth: number): Expression {
    if (depth <= 0) return this.#leaf();
    const n = (least: number) => slot(this.#number(depth - 1), least);
    const one = level.assignment;
    const common: Make[] = [
      () => expression(level.sum)`${n(level.sum)} + ${n(level.product)}`,
      () => expression(level.sum)`${n(level.sum)} - ${n(level.product)}`,
      () => expression(level.product)`${n(level.product)} * ${n(level.power)}`,
      () =>
        expression(
          level.product,
        )`${n(level.product)} / ${slot(expression(level.sum)`2 + ${slot(this.#bounded(1), level.product)}`, level.power)}`,
      () => expression(level.unary)`- ${n(level.unary)}`,
      () => expression(level.unary)`+ ${n(level.unary)}`,
      () => this.#bounded(depth),
      () => this.#root(depth),
      () => expression(level.power)`${slot(this.#bounded(depth), level.update)} ** ${this.#one(['2', '3'])}`,
      () =>
        expression(
          level.call,
        )`Math . ${this.#one(['max', 'min', 'hypot', 'atan2'])} ( ${n(one)} , ${n(one)} )`,
      () =>
        expression(level.call)`Math . ${this.#one(['abs', 'exp'])} ( ${slot(this.#bounded(depth), one)} )`,
      () =>
        expression(level.conditional)`${slot(this.#test(depth - 1), level.coalesce)} ? ${n(one)} : ${n(one)}`,
      () => expression(level.comma)`${n(one)} , ${n(one)}`,
      () => this.#assignment(depth - 1),
      () => this.#update(),
      () => expression(level.call)`[ ${n(one)} , ${n(one)} ] [ ${this.#index()} % 2 ]`,
      () => expression(level.call)`{ x : ${n(one)} } . x`,
      () =>
        expression(
          level.call,
        )`[ 0.5 , -1 ] . reduce ( ( w ‹ : number › , d ) ~ => w + d * ${this.#bound('d', depth, level.power)} , 0 )`,
      () => this.#leaf(),
    ];
    const rich: Make[] = [
      () => this.#any(depth - 1),
      () => expression(level.call)`f ( ${n(one)} , ${n(one)} )`,
      () => expression(level.call)`log ( ${n(one)} )`,
      () => expression(level.call)`Math . max ( ... [ ${n(one)} , 1 ] , ${n(one)} )`,
      () => expression(level.call)`Number ( ${n(one)} )`,
      () => expression(level.call)`new ( class { x = ${this.#field(depth - 1)} ;; } ) ( ) . x`,
      () => this.#called(depth),
      () => expression(level.call)`q ?. z ?. x`,
      () => (this.#mayYield ? expression(level.assignment)`yield ~ ${n(one)}` : this.#leaf()),
      () => expression(level.power)`${n(level.update)} ** ${n(level.power)}`,
      () => expression(level.product)`${n(level.product)} % ${n(level.power)}`,
      () => expression(level.coalesce)`${n(level.bitOr)} ?? ${n(level.bitOr)}`,
      () => expression(level.or)`${n(level.or)} || ${n(level.and)}`,
      () => expression(level.and)`${n(level.and)} && ${n(level.bitOr)}`,
    ];
    return this.#one(this.#isRich ? [...common, ...common, ...rich] : common)();
  }

  /** The value of a class field, which is a function of its own. */
  #field(depth: number, least: number = level.assignment): Piece {
    return this.#inFunction(false, {}, () => slot(this.#number(depth), least));
  }

  #root(depth: number): Expression {
    const square = expression(level.power)`${slot(this.#number(depth - 1), level.update)} ** 2`;
    return expression(level.call)`Math . sqrt ( 1 + ${slot(square, level.product)} )`;
  }

  #called(depth: number): Expression {
    const body = this.#inFunction(false, { numbers: ['x'] }, () =>
      slot(this.#number(depth - 1), level.power),
    );
    const made = expression(level.primary)`function ( x ‹ : any › ) { return ~ x * ${body} }`;
    return expression(
      level.call,
    )`${slot(made, level.primary + 1)} ( ${slot(this.#number(depth - 1), level.assignment)} )`;
  }

  /** An expression in which a name is bound. */
  #bound(name: string, depth: number, least: number) {
    return this.#inFunction(false, { numbers: [name] }, () => slot(this.#number(depth - 1), least));
  }

  /** A value of any type. */
  #any(depth: number): Expression {
    if (depth <= 0)
      return this.#is(0.6)
        ? this.#leaf()
        : expression(
            level.primary,
          )`${this.#one(['"3"', '""', 'null', 'undefined', 'true', 'NaN', '1n', '/x/g', 'a', 'q', 'f', 't', 's', 'u'])}`;
    const v = (least: number) => slot(this.#any(depth - 1), least);
    const one = level.assignment;
    const predicate = (): Piece[] => pieces`( x ‹ : any › ) ~ => ${this.#boundTest(depth)}`;
    return this.#one<Make>([
      () => this.#number(depth),
      () => this.#test(depth - 1),
      () => expression(level.unary)`${this.#one(['typeof', 'void', '!', '~', '-', '+'])} ${v(level.unary)}`,
      () => expression(level.bitOr)`${v(level.bitOr)} | ${v(level.bitXor)}`,
      () => expression(level.bitXor)`${v(level.bitXor)} ^ ${v(level.bitAnd)}`,
      () => expression(level.bitAnd)`${v(level.bitAnd)} & ${v(level.equality)}`,
      () => expression(level.shift)`${v(level.shift)} ${this.#one(['<<', '>>', '>>>'])} ${v(level.sum)}`,
      () =>
        expression(
          level.equality,
        )`${v(level.equality)} ${this.#one(['==', '!=', '===', '!=='])} ${v(level.relation)}`,
      () =>
        expression(
          level.product,
        )`${v(level.product)} / ${slot(expression(level.primary)`/2/g`, level.primary)}`,
      () =>
        expression(
          level.primary,
        )`${[token('`<${')]} ${v(level.comma)} ${[token('}|${')]} ${v(level.comma)} ${[token('}`')]}`,
      () => expression(level.call)`tag ${[token('`${')]} ${v(level.comma)} ${[token('}x`')]}`,
      () =>
        expression(
          level.call,
        )`[ 0 , ${v(one)} , 1 ] . ${this.#one(['some', 'filter', 'find', 'every', 'findIndex'])} ( ${predicate()} )`,
      () =>
        expression(
          level.call,
        )`[ ${v(one)} , m , ] . ${this.#one(['includes', 'indexOf', 'lastIndexOf'])} ( ${v(one)} , )`,
      () =>
        expression(
          level.call,
        )`a ?. filter ( ${predicate()} ) ?. ${this.#one(['length', 'some ( ( y ‹ : any › ) ~ => y )', 'at ( 0 )'])}`,
      () =>
        expression(
          level.call,
        )`${slot(expression(level.call)`a ${this.#one(['.', '?.'])} ${this.#one(['some', 'filter'])}`, level.primary + 1)} ( ${predicate()} )`,
      () => expression(level.call)`u ?. some ( ${v(one)} )`,
      () => expression(level.call)`a . some ?. ( ${predicate()} )`,
      () => expression(level.call)`q . nothing ?. some ( ${v(one)} )`,
      () => expression(level.call)`[ ... a , ${v(one)} , ] . length`,
      () => expression(level.primary)`{ ... q , w : ${v(one)} }`,
      () => expression(level.call)`Object . is ( ${v(one)} , ${v(one)} )`,
      () => expression(level.call)`isNaN ( ${slot(this.#number(depth - 1), one)} )`,
      () => expression(level.call)`String ( ${slot(this.#number(depth - 1), one)} ) . length`,
      () => expression(level.call)`new ${this.#one(['Map', 'Set'])} ( ) . size`,
      () => expression(level.call)`/x/ . test ( "x" )`,
    ])();
  }

  #boundTest(depth: number) {
    return this.#inFunction(false, { numbers: ['x'] }, () => slot(this.#test(depth - 1), level.assignment));
  }
}
